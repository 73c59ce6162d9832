"""Files that are cut, damaged or joined are read as far as they go, and it is told."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import numpy as np
import pytest
from media_files import KINDS, tones, write_media

from moodprint.audio.decode import AudioStream, decode
from moodprint.errors import MoodprintError


def test_sound_that_ends_before_the_picture_is_a_warning(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.mkv", KINDS["mkv"], tones(1, 44_100, 2), video_s=5)
    source = AudioStream(path)
    list(source)
    assert source.warnings == ["the audio ends at 1.0 s of an announced 5.0 s"]


# Which damage a format can tell: all but those made of frames without any frame of the whole.
CUT = [
    *("wav-u8", "wav-16", "wav-24", "wav-float", "wav-5.1", "ogg", "opus", "flac", "aiff"),
    *("m4a", "mkv", "webm", "avi", "mp3", "aac", "wma", "ac3-5.1", "ts"),
]
CANNOT_TELL = ["aac", "ac3-5.1", "ts"]
LARGEST_PIECE_S = {"ogg": 2.0, "opus": 1.05, "flac": 0.4}
"""A page of Ogg that is cut is lost, and may hold seconds of so simple a sound."""


@pytest.mark.parametrize("share", [0.71, 0.9])
@pytest.mark.parametrize("name", CUT)
def test_a_truncated_file_is_read_as_far_as_it_goes(
    media, tmp_path: Path, name: str, share: float
) -> None:
    whole = _index_first(media(name), tmp_path) if name == "m4a" else media(name)
    data = whole.read_bytes()
    path = tmp_path / f"cut{whole.suffix}"
    path.write_bytes(data[: int(len(data) * share)])
    source = AudioStream(path, mono=False, sample_rate_hz=None)
    samples = np.concatenate(list(source), axis=1)
    wanted = decode(whole).samples
    length = samples.shape[1]
    lost_s = LARGEST_PIECE_S.get(name, 0.3)
    assert wanted.shape[1] * share - lost_s * KINDS[name].rate_hz <= length <= wanted.shape[1]
    inner = max(1, length - 3000)
    np.testing.assert_allclose(samples[:, :inner], wanted[:, :inner], atol=1e-4)
    if name not in CANNOT_TELL:
        assert re.search("truncated|announced|damaged", "\n".join(source.warnings))


def _index_first(m4a: Path, folder: Path) -> Path:
    """The same file with its index in front, as for the web: it can be read while it grows."""
    import av

    path = folder / "index-first.m4a"
    with (
        av.open(str(m4a)) as source,
        av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path


def test_a_wav_from_a_pipe_is_not_truncated(media, tmp_path: Path) -> None:
    """Its writer could not go back, and left the largest length in the header."""
    data = bytearray(media("wav-16").read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = data[4:8] = b"\xff\xff\xff\xff"
    path = tmp_path / "piped.wav"
    path.write_bytes(data)
    source = AudioStream(path, mono=False)
    samples = np.concatenate(list(source), axis=1)
    assert source.warnings == []
    assert samples.shape == (2, 4 * 44_100)


def test_ogg_files_in_a_row_are_read_to_the_end(media, tmp_path: Path) -> None:
    path = tmp_path / "chain.ogg"
    path.write_bytes(media("ogg").read_bytes() + media("ogg", 2.0).read_bytes())
    assert decode(path).duration_s == pytest.approx(6.0, abs=0.05)


def test_mp3_files_in_a_row_are_read_to_the_end(media, tmp_path: Path) -> None:
    path = tmp_path / "row.mp3"
    path.write_bytes(media("mp3").read_bytes() * 2)
    assert decode(path).duration_s == pytest.approx(8.0, abs=0.2)


def test_damage_in_the_middle_does_not_hide_the_end(media, tmp_path: Path) -> None:
    for name in ("mp3", "m4a", "mkv", "ts", "aac"):
        data = bytearray(media(name).read_bytes())
        middle = len(data) * 2 // 5
        data[middle : middle + 400] = b"\x55" * 400
        path = tmp_path / f"hurt{KINDS[name].suffix}"
        path.write_bytes(data)
        assert decode(path).duration_s == pytest.approx(4.0, abs=0.5), name


def test_a_truncated_header_is_refused_or_read(media, tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        data = media(name).read_bytes()
        for length in (1, 4, 12, 40, 100, 300):
            path = tmp_path / f"head{kind.suffix}"
            path.write_bytes(data[:length])
            with contextlib.suppress(MoodprintError):
                list(AudioStream(path))
