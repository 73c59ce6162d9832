"""What is written comes back."""

import numpy as np
import pytest

from moodprint.audio.decode import decode
from moodprint.audio.encode import FORMATS, encode
from moodprint.clip import Clip
from moodprint.errors import EmptyFileError, InputError, OptionError

RATE = 22_050


def chord(seconds=2.0, channels=1, rate=RATE):
    at = np.arange(round(seconds * rate)) / rate
    wave = 0.3 * (np.sin(2 * np.pi * 220 * at) + np.sin(2 * np.pi * 330 * at))
    return Clip(np.tile(wave, (channels, 1)).astype(np.float32), rate)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_comes_back(tmp_path, suffix, channels):
    clip = chord(channels=channels)
    back = decode(encode(clip, tmp_path / f"a.{suffix}"))
    assert back.channels == channels
    assert back.duration_s == pytest.approx(2.0, abs=0.06)
    level = np.sqrt(np.mean(back.samples**2))
    assert level == pytest.approx(np.sqrt(np.mean(clip.samples**2)), rel=0.05)
    assert list(tmp_path.iterdir()) == [tmp_path / f"a.{suffix}"]


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_lossless_formats_keep_16_bits_and_clip(tmp_path, suffix):
    samples = np.linspace(-1.5, 1.5, 1000, dtype=np.float32)
    back = decode(encode(Clip(samples, RATE), tmp_path / f"a.{suffix}")).mono
    np.testing.assert_allclose(back, np.clip(samples, -1, 1), atol=2 / 32768)


def test_minutes_can_be_written_at_once(tmp_path):
    clip = Clip(np.zeros((1, 300 * RATE), np.float32), RATE)
    assert decode(encode(clip, tmp_path / "a.ogg")).duration_s == pytest.approx(300, abs=0.1)


def test_bad_requests_leave_nothing(tmp_path):
    with pytest.raises(OptionError, match="known: flac, mp3"):
        encode(chord(), tmp_path / "a.xyz")
    with pytest.raises(EmptyFileError):
        encode(Clip(np.zeros((1, 0), np.float32), RATE), tmp_path / "a.wav")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        encode(chord(), tmp_path / "file" / "a.wav")
    (tmp_path / "file").unlink()
    assert not list(tmp_path.iterdir())
