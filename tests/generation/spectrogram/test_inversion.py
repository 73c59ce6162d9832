"""Phases from gradients fit better than none; mel magnitudes come back."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.generation.spectrogram.inversion import samples_of_mel
from moodprint.generation.spectrogram.parameters import PictureParameters
from moodprint.generation.spectrogram.phases import gradient_phases, griffin_lim
from moodprint.generation.spectrogram.transform import Transform

SMALL = PictureParameters(32_000, False, 10, 64, 64, 128, 30, 15_000)


def _glides(seconds: float = 1.0) -> np.ndarray:
    time_s = np.arange(int(seconds * SMALL.sample_rate_hz)) / SMALL.sample_rate_hz
    phases = [2 * np.pi * (hz * time_s + 40 * time_s**2) for hz in (300, 700, 1900)]
    return (0.2 * sum(map(np.sin, phases)) * (1 + np.sin(30 * time_s))).astype(np.float32)


def _misfit_db(samples: np.ndarray, magnitude: np.ndarray, transform: Transform) -> float:
    again = np.abs(transform.spectra(samples))
    inner = slice(8, -8)
    wrong = np.linalg.norm(again[inner] - magnitude[inner])
    return 20 * np.log10(wrong / np.linalg.norm(magnitude[inner]))


@pytest.mark.parametrize("parameters", [SMALL, PictureParameters()])
def test_gradients_fit_better_than_random_phases_and_iterations_help(parameters) -> None:
    transform = Transform.of_pictures(parameters)
    rate = parameters.sample_rate_hz
    sound = np.interp(np.arange(rate) / rate, np.arange(32_000) / 32_000, _glides())
    magnitude = np.abs(transform.spectra(sound.astype(np.float32))).astype(np.float32)
    random = np.random.default_rng(1).random(magnitude.shape) * 2 * np.pi
    gradients = gradient_phases(magnitude, transform)
    misfits = [
        _misfit_db(griffin_lim(magnitude, phases, transform, count), magnitude, transform)
        for phases, count in ((random, 0), (gradients, 0), (gradients, 8))
    ]
    assert misfits[1] < misfits[0] - 10
    assert misfits[2] < misfits[1]


def test_the_inverse_transform_gives_the_samples_back() -> None:
    transform, sound = Transform.of_pictures(SMALL), _glides()
    back = transform.samples(transform.spectra(sound))
    assert len(back) == 32_000
    assert np.abs(back - sound).max() < 1e-5


@pytest.mark.parametrize("bands", [64, 128])
def test_filled_magnitudes_sum_up_to_the_bands(bands: int) -> None:
    parameters = PictureParameters(32_000, False, 10, 64, 64, bands, 30, 15_000)
    transform = Transform.of_pictures(parameters)
    mel = transform.mel(_glides())
    filled = transform.filled(mel)
    assert filled.min() >= 0
    short = PictureParameters(32_000, False, 10, 64, 64, bands, 30, 15_000)
    again = Transform.of_pictures(short).mel(samples_of_mel(mel, short, 8))[8:90]
    assert np.linalg.norm(again - mel[8:90]) < 0.2 * np.linalg.norm(mel)


def test_the_same_magnitudes_give_the_same_samples_and_silence_none() -> None:
    mel = Transform.of_pictures(SMALL).mel(_glides(0.5))
    assert samples_of_mel(mel, SMALL, 2).tobytes() == samples_of_mel(mel, SMALL, 2).tobytes()
    assert np.abs(samples_of_mel(np.zeros_like(mel), SMALL, 1)).max() < 1e-6
