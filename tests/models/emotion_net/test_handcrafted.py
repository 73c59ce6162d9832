import numpy as np
import pytest
from scipy.fft import dct

from moodprint.audio.chroma import Chroma
from moodprint.audio.spectrogram import LogMel
from moodprint.models.emotion_net.handcrafted import MEASURES, ROWS_AROUND, around, measures

RATE = 16_000
CLARITY, MODE, UNEVEN, CHANGE = range(MEASURES - 4, MEASURES)


def measured(samples: np.ndarray) -> np.ndarray:
    rows = len(samples) // 8_000
    frames = LogMel().of(samples)[: rows * 32]
    return measures(frames, Chroma().of(samples))


def chord(*midi: int, seconds: float = 10.0) -> np.ndarray:
    time_s = np.arange(int(seconds * RATE)) / RATE
    hz = [440 * 2 ** ((m - 69) / 12) for m in midi]
    sound = sum(np.sin(2 * np.pi * f * k * time_s) / k for f in hz for k in (1, 2, 3))
    return (0.05 * sound).astype(np.float32)


def noise(seconds: float = 10.0) -> np.ndarray:
    return (0.1 * np.random.default_rng(0).standard_normal(int(seconds * RATE))).astype(np.float32)


@pytest.mark.parametrize("tonic", [48, 53, 58])
def test_major_and_minor_differ_in_the_sign_of_the_mode(tonic):
    major = measured(chord(tonic, tonic + 4, tonic + 7, tonic + 12))
    minor = measured(chord(tonic, tonic + 3, tonic + 7, tonic + 12))
    assert (major[:, MODE] > 0.05).all()
    assert (minor[:, MODE] < -0.05).all()


def test_noise_has_no_key_and_even_classes():
    sound, tonal = measured(noise()), measured(chord(48, 52, 55))
    assert tonal[:, CLARITY].min() > 0.7
    assert sound[:, UNEVEN].max() < 0.5 * tonal[:, UNEVEN].min()


def test_a_change_of_chord_is_a_change():
    steady = measured(chord(48, 52, 55, seconds=20))
    moving = np.concatenate(
        [chord(48 + n % 4, 52 + n % 4, 55 + n % 4, seconds=1) for n in range(20)]
    )
    assert measured(moving)[:, CHANGE].min() > 3 * steady[:, CHANGE].max()


def test_the_level_does_not_count():
    loud, soft = measured(noise()), measured(noise() / 10)
    np.testing.assert_allclose(soft, loud, atol=2e-3)


def test_means_are_those_of_a_cepstrum():
    frames = LogMel().of(noise(20.0))[: 40 * 32]
    found = measures(frames, np.ones((40, 12), np.float32))
    cepstrum = dct(frames, norm="ortho", axis=1)[:, :20]
    cepstrum[:, 0] *= 2**0.5  # here the first is scaled as the others are
    near = cepstrum[(20 - ROWS_AROUND) * 32 : (21 + ROWS_AROUND) * 32]
    np.testing.assert_allclose(found[20, :19], near.mean(axis=0)[1:] / 10, atol=2e-3)
    np.testing.assert_allclose(found[20, 19:39], near.std(axis=0) / 10, atol=2e-3)


def test_a_row_knows_of_no_more_than_the_rows_around():
    one, other = noise(20.0), noise(20.0)
    other[: 5 * RATE] = 0
    first = 10 + ROWS_AROUND + 1
    np.testing.assert_allclose(measured(one)[first:], measured(other)[first:], atol=1e-5)


def test_silence_and_one_row_are_finite():
    assert np.isfinite(measured(np.zeros(5 * RATE, np.float32))).all()
    assert measured(noise(0.5)).shape == (1, MEASURES)


def test_means_around_are_plain_means():
    rows = np.random.default_rng(1).normal(size=(30, 3)).astype(np.float32)
    found = around(rows)
    for row in (0, 5, 15, 29):
        near = rows[max(0, row - ROWS_AROUND) : row + ROWS_AROUND + 1]
        np.testing.assert_allclose(found[row], near.mean(axis=0), atol=1e-5)
