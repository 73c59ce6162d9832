"""Sound made of a spectrogram has that spectrogram, its length, and no joints."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.audio.spectrogram import LogMel
from moodprint.generation.diffusion.sound import sound_of
from moodprint.generation.spectrogram.transform import Transform

SPECTROGRAM = LogMel(32_000, 320, 2_048, 128, 30.0, 15_000.0, -90.0)


def _tones(seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * 32_000)) / 32_000
    fades = 0.2 * (1 + 0.5 * np.sin(2 * np.pi * 0.7 * time))
    return (fades * sum(np.sin(2 * np.pi * hz * time) / 3 for hz in (220, 660, 1500))).astype(
        np.float32
    )


def _sound(mel_db: np.ndarray) -> np.ndarray:
    return sound_of(mel_db, SPECTROGRAM)


def test_the_spectrogram_of_the_sound_is_the_one_that_was_asked_for():
    mel_db = SPECTROGRAM.of(_tones(2.0))[:200]
    samples = _sound(mel_db)
    assert len(samples) == 200 * 320
    again = SPECTROGRAM.of(samples)[5:195]
    loud = mel_db[5:195] > -50
    assert np.abs(again - mel_db[5:195])[loud].mean() < 1.5


def test_a_tone_keeps_its_pitch():
    mel_db = SPECTROGRAM.of(_tones(2.0))[:200]
    spectrum = np.abs(np.fft.rfft(_sound(mel_db)[16_000:48_000]))
    assert np.argmax(spectrum[100:400]) + 100 == pytest.approx(220, abs=8)


def test_blocks_join_without_a_click():
    """13 s are two blocks, and where they join is no more of high frequencies than elsewhere."""
    samples = _sound(SPECTROGRAM.of(_tones(13.0))[:1300])
    high = np.abs(np.diff(samples, n=6))
    joint = high[1024 * 320 - 2_000 : 1024 * 320 + 2_000].max()
    elsewhere = max(high[start : start + 4_000].max() for start in range(64_000, 300_000, 4_000))
    assert joint <= 2 * elsewhere


def test_silence_stays_silent_and_the_same_comes_again():
    assert np.abs(_sound(np.full((64, 128), -90.0, np.float32))).max() < 1e-4
    mel_db = SPECTROGRAM.of(_tones(1.0))[:100]
    assert np.array_equal(_sound(mel_db), _sound(mel_db))


def test_filled_powers_sum_up_to_the_bands():
    transform = Transform.of_log_mel(SPECTROGRAM)
    power = 10 ** (SPECTROGRAM.of(_tones(1.0))[:100] / 10)
    filled = transform.filled(power)
    assert (filled >= 0).all()
    assert np.linalg.norm(filled @ transform.filters - power) < 0.05 * np.linalg.norm(power)
