"""The fundamental frequency by YIN (de Cheveigne and Kawahara 2002), all frames at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, WINDOW, Frames

LOWEST_HZ, HIGHEST_HZ = 65.4, 2093.0
"""From C2 to C7."""

_TROUGH = 0.1
"""The threshold of the paper, section II.D: below it a dip is deep enough to be the period."""
_FRAMES_AT_ONCE = 256
"""Few enough that a piece of work stays in the processor's cache."""


@dataclass(frozen=True)
class Pitch:
    """``hz`` [T], and ``aperiodicity`` [T]: near 0 for a clear tone, about 1 for noise, silence 0.

    Music of many voices rarely has one pitch; aperiodicity tells where ``hz`` means something.
    """

    hz: FloatArray
    aperiodicity: FloatArray


def pitch(frames: Frames) -> Pitch:
    """The first deep enough dip of the normalised difference function, as librosa's yin finds it.

    A frame is taken as silent beyond its end.
    """
    pieces = [
        _yin(frames.raw[first : first + _FRAMES_AT_ONCE])
        for first in range(0, frames.count, _FRAMES_AT_ONCE)
    ]
    hz, aperiodicity = np.concatenate(pieces, axis=1)
    return Pitch(hz, aperiodicity)


def _yin(raw: FloatArray) -> FloatArray:
    shortest = int(SAMPLE_RATE_HZ // HIGHEST_HZ)
    dips = _normalised_difference(raw)[:, shortest - 1 :]
    rows = np.arange(len(dips))
    chosen = _first_trough(dips)
    period = shortest + chosen + _parabolic_shift(dips, rows, chosen)
    return np.stack([SAMPLE_RATE_HZ / period, dips[rows, chosen]]).astype(np.float32)


def _normalised_difference(raw: FloatArray) -> FloatArray:
    """For lags 1 to the longest period: squared difference over its mean at shorter lags."""
    from scipy.fft import irfft, next_fast_len, rfft

    longest = int(np.ceil(SAMPLE_RATE_HZ / LOWEST_HZ))
    size = next_fast_len(WINDOW + longest, real=True)
    spectrum = rfft(raw, size, axis=1)
    product = irfft(spectrum.real**2 + spectrum.imag**2, size, axis=1)[:, : longest + 1]
    energy = np.cumsum(raw[:, :longest] ** 2, axis=1)
    energy[:, 0] = 0
    difference = 2 * (product[:, :1] - product[:, 1:]) - energy
    mean = np.cumsum(difference, axis=1) / np.arange(1, longest + 1, dtype=np.float32)
    return difference / (mean + np.finfo(np.float32).tiny)


def _first_trough(dips: FloatArray) -> npt.NDArray[np.intp]:
    """The first local minimum under the threshold, or the deepest place where there is none."""
    trough = np.zeros(dips.shape, bool)
    trough[:, 1:-1] = (dips[:, 1:-1] < dips[:, :-2]) & (dips[:, 1:-1] <= dips[:, 2:])
    trough[:, 0] = dips[:, 0] < dips[:, 1]
    trough &= dips < _TROUGH
    first, deepest = trough.argmax(axis=1), dips.argmin(axis=1)
    return np.asarray(np.where(trough.any(axis=1), first, deepest))


def _parabolic_shift(
    dips: FloatArray, rows: npt.NDArray[np.intp], at: npt.NDArray[np.intp]
) -> FloatArray:
    """How far the bottom of a parabola through three neighbours lies from the middle one."""
    inner = np.clip(at, 1, dips.shape[1] - 2)
    before, here, after = (dips[rows, inner + step] for step in (-1, 0, 1))
    bend, slope = after + before - 2 * here, (after - before) / 2
    usable = (np.abs(slope) < np.abs(bend)) & (inner == at)
    return np.where(usable, -slope / np.where(usable, bend, 1), 0)
