"""The two readers beside each other: the same samples from both, wherever both can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from media_files import KINDS

from moodprint.audio.decode import decode
from moodprint.audio.read_pyav import PyAVReader
from moodprint.audio.read_soundfile import SoundFileReader
from moodprint.clip import FloatArray

BOTH = [
    *("wav-u8", "wav-16", "wav-24", "wav-32", "wav-float", "wav-5.1", "wav-adpcm", "aiff"),
    *("mp3", "mp3-mono-16k", "ogg", "opus", "flac", "flac-mono-22k"),
]


def read(reader: PyAVReader | SoundFileReader, start_s: float = 0.0) -> FloatArray:
    warnings: list[str] = []
    samples = np.concatenate(list(reader.blocks(0.7, start_s, warnings.append)), axis=1)
    reader.close()
    assert warnings == []
    return samples


@pytest.mark.parametrize("start_s", [0.0, 2.25])
@pytest.mark.parametrize("name", BOTH)
def test_the_readers_agree(media, name: str, start_s: float) -> None:
    assert SoundFileReader.may_read(media(name))
    first, second = SoundFileReader(media(name)), PyAVReader(media(name))
    assert first.sample_rate_hz == second.sample_rate_hz == KINDS[name].rate_hz
    assert first.channels == second.channels == KINDS[name].channels
    np.testing.assert_allclose(read(first, start_s), read(second, start_s), atol=1e-5)


def test_an_mp3_without_a_count_of_frames_is_left_to_ffmpeg(media, tmp_path: Path) -> None:
    """libsndfile guesses its length from the bit rate of the first frame and stops there."""
    whole = media("mp3").read_bytes()
    at = max(whole.find(b"Xing"), whole.find(b"Info"))
    path = tmp_path / "no-tag.mp3"
    path.write_bytes(whole[:at] + b"\0\0\0\0" + whole[at + 4 :])
    assert SoundFileReader.may_read(media("mp3"))
    assert not SoundFileReader.may_read(path)
    assert decode(path).duration_s == pytest.approx(4.0, abs=0.06)


def test_ffmpeg_takes_over_where_libsndfile_stops(media, tmp_path: Path) -> None:
    data = bytearray(media("flac").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = b"\x55" * 2000
    path = tmp_path / "hurt.flac"
    path.write_bytes(data)
    warnings: list[str] = []
    reader = SoundFileReader(path)
    samples = np.concatenate(list(reader.blocks(0.1, 0.0, warnings.append)), axis=1)
    reader.close()
    wanted = decode(media("flac")).samples
    assert samples.shape[1] == pytest.approx(wanted.shape[1], rel=0.05)
    np.testing.assert_array_equal(samples[:, :60_000], wanted[:, :60_000])
    np.testing.assert_array_equal(samples[:, -60_000:], wanted[:, -60_000:])
    assert any("damaged" in warning for warning in warnings)
