"""How loud a sound is and how often it crosses zero, frame by frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import HOP, WINDOW, Frames

_SILENT = 1e-10
"""librosa's: samples so near to zero have no sign."""


def rms(frames: Frames) -> FloatArray:
    """The root of the mean square [T]; a sine of full scale has 0.707."""
    total = _running(frames.padded().astype(np.float64) ** 2)
    power = (total[WINDOW:] - total[:-WINDOW])[::HOP] / WINDOW
    return np.asarray(np.sqrt(np.maximum(power, 0)), np.float32)


def zero_crossings(frames: Frames) -> FloatArray:
    """The share of samples at which the sign changes [T]; a sine of f Hz has 2 f / 22,050."""
    samples = frames.padded("edge")
    negative = np.signbit(np.where(np.abs(samples) <= _SILENT, 0, samples))
    total = _running(negative[1:] != negative[:-1])
    rate = (total[WINDOW - 1 :] - total[: 1 - WINDOW])[::HOP] / WINDOW
    return np.asarray(rate, np.float32)


def _running(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Sums of the first 0, 1, ... values."""
    return np.concatenate([[0], np.cumsum(values)])
