"""What headers announce, by hand-made bytes and by files of every kind."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from media_files import KINDS

from moodprint.audio.truncation import announced_size_bytes, is_cut_off

TELLS = ["wav-16", "aiff", "wma", "m4a", "mp4", "mov", "mkv", "webm", "avi", "mp3", "mp3-mono-16k"]


@pytest.mark.parametrize("name", TELLS)
def test_the_announced_size_is_the_size_of_whole_files(media, name: str) -> None:
    assert announced_size_bytes(media(name)) == pytest.approx(media(name).stat().st_size, rel=0.001)


@pytest.mark.parametrize("name", KINDS)
def test_whole_files_are_not_cut_off(media, name: str) -> None:
    assert not is_cut_off(media(name))


@pytest.mark.parametrize("name", [*TELLS, "ogg", "opus"])
@pytest.mark.parametrize("share", [0.4, 0.99])
def test_cut_files_are(media, tmp_path: Path, name: str, share: float) -> None:
    data = media(name).read_bytes()
    path = tmp_path / "cut"
    path.write_bytes(data[: int(len(data) * share)])
    assert is_cut_off(path)


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (b"RIFF" + struct.pack("<I", 92) + b"WAVE", 100),
        (b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE", None),
        (b"RIFF" + struct.pack("<I", 0x7FFFFFFF) + b"WAVE", None),
        (b"FORM" + struct.pack(">I", 92) + b"AIFF", 100),
        (struct.pack(">I4s", 16, b"ftyp") + bytes(8) + struct.pack(">I4s", 84, b"mdat"), 100),
        (struct.pack(">I4s", 16, b"ftyp") + bytes(8) + struct.pack(">I4sQ", 1, b"mdat", 84), 100),
        (struct.pack(">I4s", 16, b"ftyp") + bytes(8) + struct.pack(">I4s", 0, b"mdat"), None),
        (struct.pack(">I4s", 16, b"ftyp") + bytes(8) + struct.pack(">I4s", 3, b"mdat"), None),
        (b"\x1a\x45\xdf\xa3\x81\x00\x18\x53\x80\x67\x40\x5a", 102),
        (b"\x1a\x45\xdf\xa3\x81\x00\x18\x53\x80\x67\xff", None),
        (b"\x1a\x45\xdf\xa3\x81\x00\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7, None),
        (b"\x1a\x45\xdf\xa3\x00", None),
        (b"\xff\xfb\x90\x00" + bytes(32) + b"Xing" + struct.pack(">III", 3, 5, 2000), 2000),
        (b"\xff\xfb\x90\x00" + bytes(32) + b"Info" + struct.pack(">III", 1, 5, 2000), None),
        (b"ID3\3\0\0\0\0\0\2**\xff\xfb" + bytes(9) + b"Xing" + struct.pack(">III", 3, 5, 88), 100),
        (b"\xff\xfb\x90\x00" + bytes(80), None),
        (b"plain text", None),
        (b"", None),
    ],
)  # fmt: skip
def test_headers_by_hand(tmp_path: Path, head: bytes, size: int | None) -> None:
    path = tmp_path / "head"
    path.write_bytes(head)
    assert announced_size_bytes(path) == size


@pytest.mark.parametrize(
    "magic", [b"RIFF", b"FORM", b"OggS", b"\x1a\x45\xdf\xa3", b"ID3", b"\xff\xfb"]
)
def test_headers_that_end_at_once_announce_nothing(tmp_path: Path, magic: bytes) -> None:
    path = tmp_path / "head"
    for extra in range(12):
        path.write_bytes(magic + bytes(extra))
        assert announced_size_bytes(path) in (None, 8, 8 + extra)


_MAGICS = [b"RIFF", b"FORM", b"\x1a\x45\xdf\xa3", b"OggS", b"ID3", b"\xff\xfb", b"\0\0\0\x10ftyp"]


@given(st.sampled_from([b"", *_MAGICS]), st.binary(max_size=300))
def test_no_bytes_whatever_are_too_strange(magic: bytes, rest: bytes) -> None:
    """Headers of strangers: any answer will do, but for an error or an endless loop."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(magic + rest)
        file.flush()
        size = announced_size_bytes(Path(file.name))
        assert size is None or size >= 0
        assert is_cut_off(Path(file.name)) in (True, False)
