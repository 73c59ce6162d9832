"""The strongest partials of each spectrum: what roughness, key and register are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.spectra import SAMPLE_RATE_HZ, WINDOW

MOST = 32
"""Enough for five notes of six harmonics; the time of roughness grows with the square."""

LOWEST_HZ, HIGHEST_HZ = 50.0, 7000.0
"""At 50 Hz a bin (3.9 Hz) is more than a semitone; above 7 kHz resamplers and codecs cut in."""

_QUIETEST = 10 ** (-50 / 20)
"""50 dB under the strongest of the frame: masked by it, or noise."""

_INAUDIBLE = 10 ** (-80 / 20)
"""80 dB under full scale: the noise of a recording."""


@dataclass(frozen=True)
class Partials:
    """``hz`` and ``magnitude`` [T, 32], strongest first; both are 0 where a frame has fewer."""

    hz: FloatArray
    magnitude: FloatArray


def partials(magnitudes: FloatArray) -> Partials:
    """Local maxima of spectra [T, 2049] from 50 to 7,000 Hz, at most 50 dB under the strongest.

    Places are those of parabolas through three bins in dB (Smith and Serra 1987).
    """
    first, stop = (round(hz * WINDOW / SAMPLE_RATE_HZ) for hz in (LOWEST_HZ, HIGHEST_HZ))
    here = magnitudes[:, first:stop]
    before, after = magnitudes[:, first - 1 : stop - 1], magnitudes[:, first + 1 : stop + 1]
    highest = here.max(axis=1, keepdims=True)
    floor = np.maximum(highest * _QUIETEST, _INAUDIBLE)
    rows, bins = np.nonzero((here > before) & (here >= after) & (here > floor))
    # One key for row and strength, a share in (0, 1], sorts in a third of the time of two.
    order = np.argsort(rows - 0.5 * here[rows, bins] / highest[rows, 0])
    rows, bins = rows[order], bins[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = rank < MOST
    rows, bins, rank = rows[kept], bins[kept], rank[kept]
    shift = _parabolic_shift(before[rows, bins], here[rows, bins], after[rows, bins])
    hz, magnitude = np.zeros((2, len(here), MOST), np.float32)
    hz[rows, rank] = (bins + first + shift) * (SAMPLE_RATE_HZ / WINDOW)
    magnitude[rows, rank] = here[rows, bins]
    return Partials(hz, magnitude)


def _parabolic_shift(before: FloatArray, here: FloatArray, after: FloatArray) -> FloatArray:
    left, middle, right = (np.log(np.maximum(part, 1e-9)) for part in (before, here, after))
    bend = left - 2 * middle + right
    shift = np.where(bend < -1e-6, 0.5 * (left - right) / np.minimum(bend, -1e-6), 0)
    return np.clip(shift, -0.5, 0.5)
