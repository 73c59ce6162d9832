"""The shape of the spectrum: where its weight lies, how wide, how noisy, how it changes.

Defined as in librosa 0.11 (McFee et al. 2015), whose values they equal. Silent frames give 0.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import (
    SAMPLE_RATE_HZ,
    Frames,
    decibels,
    frequencies_hz,
    safe_ratio,
)

_ROLLOFF_SHARE = 0.85
_CONTRAST_FROM_HZ, _CONTRAST_OCTAVES, _CONTRAST_SHARE = 200.0, 6, 0.02
"""librosa's: a band up to 200 Hz and octaves above it; 2 % of a band's bins are its peaks."""
CONTRAST_BANDS = _CONTRAST_OCTAVES + 1


def moments(frames: Frames) -> FloatArray:
    """Centroid and bandwidth of the magnitude spectrum, in Hz [T, 2]."""
    place = frequencies_hz() / SAMPLE_RATE_HZ
    powers = np.stack([np.ones_like(place), place, place**2], axis=1)
    total, first, second = (frames.magnitude @ powers).T
    mean, square = safe_ratio(first, total), safe_ratio(second, total)
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return SAMPLE_RATE_HZ * np.stack([mean, spread], axis=1)


def rolloff_hz(frames: Frames) -> FloatArray:
    """The frequency below which 85 % of the magnitude lies [T]."""
    below = np.cumsum(frames.magnitude, axis=1)
    bins = (below < _ROLLOFF_SHARE * below[:, -1:]).sum(axis=1)
    return frequencies_hz()[np.minimum(bins, below.shape[1] - 1)]


def flatness(frames: Frames) -> FloatArray:
    """Geometric over arithmetic mean of the power, in (0, 1]: 1 for white noise and silence [T]."""
    power = np.maximum(frames.power, 1e-10)
    return np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)


def flux(frames: Frames) -> FloatArray:
    """How much the shape of the spectrum grew since the frame before, in [0, sqrt 2] [T].

    The length of the positive part of the difference of magnitudes, each frame scaled to length 1
    (Tzanetakis and Cook 2002); the first frame has 0.
    """
    length = np.sqrt(frames.power.sum(axis=1))
    grown = np.diff(safe_ratio(frames.magnitude, length), axis=0)
    np.maximum(grown, 0, out=grown)
    rise = np.sqrt(np.einsum("tf,tf->t", grown, grown))
    return np.concatenate([np.zeros(1, np.float32), rise])


def contrast_db(frames: Frames) -> FloatArray:
    """Peaks over valleys in seven bands, from 0 to 200 Hz and then octaves [T, 7] (Jiang 2002)."""
    peaks, valleys = (np.empty((frames.count, len(_bands())), np.float32) for _ in range(2))
    for number, (band, size) in enumerate(_bands()):
        part = np.partition(frames.magnitude[:, band], (size - 1, -size), axis=1)
        valleys[:, number] = part[:, :size].mean(axis=1)
        peaks[:, number] = part[:, -size:].mean(axis=1)
    return decibels(peaks) - decibels(valleys)


@lru_cache(maxsize=1)
def _bands() -> tuple[tuple[slice, int], ...]:
    """The bins of each band, and how many of them make a peak or a valley."""
    edges = [0.0, *(_CONTRAST_FROM_HZ * 2.0 ** np.arange(_CONTRAST_OCTAVES + 1))]
    hz = frequencies_hz()
    bands = []
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = np.flatnonzero((hz >= low) & (hz <= high))
        last = number == _CONTRAST_OCTAVES
        first, stop = int(inside[0]) - (number > 0), len(hz) if last else int(inside[-1]) + 1
        size = max(1, round(_CONTRAST_SHARE * (stop - first)))
        bands.append((slice(first, stop if last else stop - 1), size))
    return tuple(bands)
