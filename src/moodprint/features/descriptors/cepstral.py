"""The mel spectrum and its cepstrum: timbre in few numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.audio.mel import SLANEY, cosine_transform, mel_edges_hz, triangles
from moodprint.audio.stft import frequencies_hz
from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, WINDOW, Frames, decibels

BANDS = 128
COEFFICIENTS = 20


def log_mel_db(frames: Frames) -> FloatArray:
    """Power in 128 mel bands in dB, at most 80 dB under the loudest [T, 128]."""
    return decibels(frames.power @ mel_filters())


def mfcc(log_mel: FloatArray) -> FloatArray:
    """The first 20 coefficients of the orthonormal cosine transform of a log-mel spectrum."""
    return log_mel @ _cosines()


@lru_cache(maxsize=4)
def mel_filters(
    bands: int = BANDS, window: int = WINDOW, sample_rate_hz: int = SAMPLE_RATE_HZ
) -> FloatArray:
    """Weights [window // 2 + 1, bands]: triangles of equal area on the scale of Slaney."""
    edges_hz = mel_edges_hz(SLANEY, 0, sample_rate_hz / 2, bands)
    bins_hz = frequencies_hz(window, sample_rate_hz)
    return triangles(bins_hz, edges_hz, equal_areas=True).astype(np.float32)


@lru_cache(maxsize=1)
def _cosines() -> FloatArray:
    """The orthonormal DCT-II [128, 20]."""
    cosines = cosine_transform(BANDS, COEFFICIENTS)
    cosines[:, 0] /= np.sqrt(2)
    return cosines.astype(np.float32)
