"""The mel spectrum and its cepstrum: timbre in few numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, WINDOW, Frames, decibels

BANDS = 128
COEFFICIENTS = 20

_LINEAR_HZ, _LINEAR_MEL = 1000.0, 15.0
_LOG_STEP = np.log(6.4) / 27
"""The mel scale of Slaney (1998): linear up to 1 kHz, 27 steps for a factor of 6.4 above."""


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
    edges = _hz(np.linspace(0, _mel(sample_rate_hz / 2), bands + 2))
    low, peak, high = edges[:-2], edges[1:-1], edges[2:]
    bins = np.linspace(0, sample_rate_hz / 2, window // 2 + 1)[:, None]
    rise, fall = (bins - low) / (peak - low), (high - bins) / (high - peak)
    triangles = np.maximum(0, np.minimum(rise, fall))
    return np.asarray(triangles * 2 / (high - low), np.float32)


@lru_cache(maxsize=1)
def _cosines() -> FloatArray:
    """The DCT-II [128, 20]."""
    turn = np.outer(np.arange(BANDS) + 0.5, np.arange(COEFFICIENTS)) * np.pi / BANDS
    scale = np.full(COEFFICIENTS, np.sqrt(2 / BANDS))
    scale[0] = np.sqrt(1 / BANDS)
    return np.asarray(np.cos(turn) * scale, np.float32)


def _mel(hz: float) -> float:
    if hz < _LINEAR_HZ:
        return hz * _LINEAR_MEL / _LINEAR_HZ
    return float(_LINEAR_MEL + np.log(hz / _LINEAR_HZ) / _LOG_STEP)


def _hz(mel: npt.NDArray[Any]) -> npt.NDArray[Any]:
    linear = mel * _LINEAR_HZ / _LINEAR_MEL
    return np.where(mel < _LINEAR_MEL, linear, _LINEAR_HZ * np.exp(_LOG_STEP * (mel - _LINEAR_MEL)))
