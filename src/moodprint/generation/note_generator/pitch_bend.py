"""A generated note bent in pitch: its samples are read faster or slower as it goes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray

_BEFORE, _AFTER = 1, 2
"""How many samples on either side a cubic takes besides the one that it starts from."""

DoubleArray = npt.NDArray[np.float64]


def samples_read(bends: Sequence[float], samples: int) -> int:
    """How many samples of a note suffice for ``bent`` to make so many."""
    if not any(bends):
        return samples
    return math.ceil(samples * 2 ** (max(bends) / 12)) + _AFTER


def bent(note: FloatArray, bends: Sequence[float], held: int, samples: int) -> FloatArray:
    """The first ``samples`` of a note [N] with its pitch bent, fewer where the note runs out.

    ``bends`` are semitones, evenly spaced over the ``held`` samples from the first on, with
    straight lines between; the last one stays. Where all are 0 or there is none, nothing changes.
    Between samples the note is read by cubics (Catmull and Rom 1974), so nothing clicks;
    partials that a bend lifts over half the sample rate are folded back.
    """
    if not any(bends):
        return note[:samples]
    places = np.arange(len(bends)) * (held / len(bends))
    rates = 2 ** (np.interp(np.arange(samples - 1), places, bends) / 12)
    read_at = np.concatenate([[0.0], np.cumsum(rates)])
    return _between_samples(note, read_at[read_at <= len(note) - 1])


def _between_samples(note: FloatArray, read_at: DoubleArray) -> FloatArray:
    whole = read_at.astype(np.intp)
    t = (read_at - whole).astype(np.float32)
    padded = np.pad(note, (_BEFORE, _AFTER))
    before, here, after, later = (padded[whole + k] for k in range(4))
    cubic = 3 * (here - after) + later - before
    square = 2 * before - 5 * here + 4 * after - later
    return here + 0.5 * t * (after - before + t * (square + t * cubic))
