"""What is told of a file before it is decoded, and every kind of path that is no media file."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_files import KINDS, write_media

from moodprint.audio.decode import decode
from moodprint.audio.media import MEDIA_SUFFIXES, Chapter, find_media, probe, readable_file
from moodprint.errors import (
    EmptyFileError,
    InputError,
    MissingFileError,
    NoAudioError,
    NoPermissionError,
    NotMediaError,
)


@pytest.mark.parametrize("name", KINDS)
def test_probe_tells_the_format_of_every_kind(media, name: str) -> None:
    kind, info = KINDS[name], probe(media(name))
    assert info.sample_rate_hz == kind.rate_hz
    assert info.channels == kind.channels
    assert info.duration_s == pytest.approx(4.0, abs=0.25)
    assert info.has_video == (kind.video is not None)


def test_probe_gives_tags_in_lower_case_and_chapters(tmp_path: Path) -> None:
    path = tmp_path / "tagged.mka"
    with av.open(str(path), "w", format="matroska") as container:
        container.metadata["TITLE"] = "Nocturne"
        container.set_chapters(
            [
                {"id": 1, "start": 0, "end": 2000, "time_base": _MS, "metadata": {"title": "One"}},
                {"id": 2, "start": 2000, "end": 4000, "time_base": _MS, "metadata": {}},
            ]
        )
        audio = container.add_stream("pcm_s16le", rate=8_000)
        audio.layout = "mono"
        frame = av.AudioFrame(format="s16", layout="mono", samples=32_000)
        frame.sample_rate = 8_000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    info = probe(path)
    assert info.tags["title"] == "Nocturne"
    assert info.chapters == (Chapter(0, 2, "One"), Chapter(2, 4, ""))


def test_the_cover_of_an_album_is_no_video(tmp_path: Path) -> None:
    plain = write_media(tmp_path / "a.mp3", KINDS["mp3"], _silence(44_100, 2))
    covered = tmp_path / "covered.mp3"
    covered.write_bytes(_id3_with_picture() + plain.read_bytes())
    assert not probe(covered).has_video


@pytest.mark.parametrize("open_it", [probe, readable_file])
def test_paths_without_a_file_are_told_apart(tmp_path: Path, open_it) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    with pytest.raises(MissingFileError, match=r"none\.mp3: does not exist"):
        open_it(tmp_path / "none.mp3")
    with pytest.raises(EmptyFileError, match=r"empty\.mp3: is empty"):
        open_it(empty)
    with pytest.raises(InputError, match="is a folder"):
        open_it(tmp_path)
    with pytest.raises(InputError, match="cannot be opened"):
        open_it(tmp_path / ("long" * 200))
    with pytest.raises(InputError, match="cannot be opened"):
        open_it("nul\0.mp3")
    with pytest.raises(InputError):
        open_it(empty / "below-a-file.mp3")


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to(tmp_path / "b.mp3")
    (tmp_path / "b.mp3").symlink_to(tmp_path / "a.mp3")
    with pytest.raises(InputError):
        readable_file(tmp_path / "a.mp3")


def test_a_dangling_link_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to(tmp_path / "gone.mp3")
    with pytest.raises(MissingFileError):
        readable_file(tmp_path / "a.mp3")


def test_a_link_to_media_is_media(media, tmp_path: Path) -> None:
    link = tmp_path / "link.bin"
    link.symlink_to(media("mp3"))
    assert probe(link).codec == probe(media("mp3")).codec


def test_pipes_devices_and_sockets_are_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp3"
    os.mkfifo(pipe)
    address = os.path.relpath(tmp_path / "socket.mp3")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        for path in (pipe, address, "/dev/zero"):
            with pytest.raises(InputError, match="is a pipe or a device"):
                probe(path)


def test_no_permission_is_told(media, tmp_path: Path) -> None:
    """Root may read all, so that the look is taken by a process that is nobody."""
    tmp_path.chmod(0o711)
    closed = tmp_path / "closed.mp3"
    closed.write_bytes(media("mp3").read_bytes())
    closed.chmod(0)
    code = (
        "import os, sys; from moodprint.audio.media import readable_file\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "try: readable_file('closed.mp3')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "NoPermissionError closed.mp3: may not be read (no permission)"


def test_no_permission_is_told_where_the_system_says_so(
    media, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NoPermissionError):
        readable_file(media("mp3"))


@pytest.mark.parametrize(
    "content",
    [b"just some text\n" * 50, b"\x00", b"\xff" * 5000, b"RIFF", b"ID3", b"OggS" * 40, b"%PDF-1"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".txt", ".mp3", ".wav", ".ogg", ".mp4", ".raw", ".m3u8"])
def test_what_is_no_media_is_refused_in_one_line(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        probe(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_video_without_sound_is_told(tmp_path: Path) -> None:
    path = write_media(tmp_path / "mute.mp4", KINDS["mp4"], None, video_s=1.0)
    with pytest.raises(NoAudioError, match="has no audio track"):
        probe(path)


def test_an_mp4_cut_off_before_its_index_is_told(media, tmp_path: Path) -> None:
    whole = media("mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotMediaError, match="without a usable index"):
        probe(path)


@pytest.mark.parametrize(
    "name",
    [
        "-leading-dash.mp3", "with space.mp3", "Ünïcödé 音楽 🎵.mp3", "line\nbreak.mp3", "a'b.mp3",
        "http:x.mp3", "pipe:0", "concat:a|b.mp3", "file:x.mp3", "%03d.mp3", "no suffix", "x.raw",
        "x.txt", os.fsdecode(b"not-utf8-\xff.mp3"), "n" * 251 + ".mp3",
    ],
)  # fmt: skip
def test_any_name_is_just_a_name(media, tmp_path: Path, name: str, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in ("mp3", "wav-16", "mp4"):
        Path(name).write_bytes(media(kind).read_bytes())
        assert probe(name).duration_s == pytest.approx(4.0)
        assert decode(name).duration_s == pytest.approx(4.0, abs=0.02)


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{}\n#EXT-X-ENDLIST\n"),
        ("list.ogg", "ffconcat version 1.0\nfile {}\n"),
    ],
)
def test_a_script_cannot_make_us_read_other_files(
    media, tmp_path: Path, name: str, script: str
) -> None:
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(media("mp3").read_bytes())
    path = tmp_path / name
    path.write_text(script.format(secret.name))
    with pytest.raises(NotMediaError):
        probe(path)


@pytest.mark.parametrize(("rate_hz", "channels"), [(7, 1), (900, 2), (2_000_000, 1), (8_000, 200)])
def test_a_format_that_cannot_be_is_refused(tmp_path: Path, rate_hz: int, channels: int) -> None:
    path = tmp_path / "odd.wav"
    path.write_bytes(_wav_header(rate_hz, channels) + bytes(4_000))
    with pytest.raises(NotMediaError, match=r"its header claims|cannot be decoded"):
        probe(path)


def test_media_are_found_by_suffix_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    wanted = ["a.mp3", "b/c.MP4", "b/d/e.flac", "z.webm"]
    others = ["a.txt", ".hidden.mp3", ".cache/x.mp3", "b/.git/y.mp3", "cover.jpg", "mp3"]
    for name in [*reversed(wanted), *others]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert find_media(tmp_path) == [tmp_path / name for name in wanted]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "in" / "a.mp3").touch()
    assert find_media(tmp_path) == [tmp_path / "in" / "a.mp3"]


def test_every_kind_under_test_is_found_in_folders() -> None:
    assert {kind.suffix for kind in KINDS.values()} <= MEDIA_SUFFIXES


def _silence(length: int, channels: int):
    return np.zeros((channels, length), np.float32)


def _wav_header(rate_hz: int, channels: int) -> bytes:
    block = 2 * channels
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * block % 2**32, block, 16)
    return b"RIFF" + struct.pack("<I", 4036) + b"WAVEfmt \x10\0\0\0" + form + b"data\xa0\x0f\0\0"


def _id3_with_picture() -> bytes:
    """An ID3v2.3 tag with a front cover of one grey pixel (an APIC frame)."""
    picture = b"\x00image/png\x00\x03\x00" + _PIXEL
    frame = b"APIC" + struct.pack(">I", len(picture)) + b"\0\0" + picture
    size = len(frame)
    return b"ID3\x03\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frame


def _png_pixel() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


_PIXEL = _png_pixel()
_MS = Fraction(1, 1000)
