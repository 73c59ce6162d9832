"""What is written comes back."""

import numpy as np
import pytest
import soundfile

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


@pytest.mark.parametrize(
    ("suffix", "rate", "written"),
    [
        ("opus", 22_050, 24_000),
        ("mp3", 96_000, 48_000),
        ("mp3", 9_000, 11_025),
        ("wav", 96_000, 96_000),
    ],
)
def test_a_rate_that_a_format_does_not_know_becomes_the_next_one(tmp_path, suffix, rate, written):
    path = encode(chord(0.5, rate=rate), tmp_path / f"a.{suffix}")
    assert soundfile.info(path).samplerate == written


def test_an_older_file_is_replaced_and_kept_where_the_new_one_fails(tmp_path):
    path = encode(chord(1.0), tmp_path / "a.wav")
    encode(chord(2.0), path)
    assert decode(path).duration_s == 2.0
    with pytest.raises(EmptyFileError):
        encode(Clip(np.zeros((1, 0), np.float32), RATE), path)
    assert decode(path).duration_s == 2.0


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3"])
def test_the_same_clip_gives_the_same_bytes(tmp_path, suffix):
    first, second = (encode(chord(), tmp_path / f"{name}.{suffix}") for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_the_suffix_may_be_in_capitals(tmp_path):
    assert decode(encode(chord(), tmp_path / "A.FLAC")).duration_s == 2.0
