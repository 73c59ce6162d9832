"""A contour over time in few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray

Array = npt.NDArray[Any]

FUNCTIONALS = ("mean", "sd", "p05", "median", "p95", "range", "slope_per_s", "step")
"""Mean and standard deviation; 5th, 50th and 95th percentile; the distance of the outer two; the
slope of the straight line through the contour; the mean size of a step from frame to frame."""


def functionals(contours: FloatArray, per_second: float) -> FloatArray:
    """All functionals of contours [T, D] as [D, 8]; zeros where there is no frame (T = 0)."""
    if not len(contours):
        return np.zeros((contours.shape[1], len(FUNCTIONALS)), np.float32)
    values = contours.astype(np.float64)
    low, middle, high = np.percentile(values, [5, 50, 95], axis=0)
    rows = (
        values.mean(axis=0), values.std(axis=0), low, middle, high, high - low,
        _slope(values) * per_second, _step(values),
    )  # fmt: skip
    return np.stack(rows, axis=1).astype(np.float32)


def _slope(values: Array) -> Array:
    time = np.arange(len(values)) - (len(values) - 1) / 2
    return time @ values / max(float(time @ time), 1.0)


def _step(values: Array) -> Array:
    if len(values) < 2:
        return np.zeros(values.shape[1])
    return np.abs(np.diff(values, axis=0)).mean(axis=0)
