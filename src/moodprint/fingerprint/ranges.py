"""Many index ranges at once."""

from __future__ import annotations

import numpy as np

from moodprint.fingerprint.triples import IntArray


def all_within(first: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """The numbers of all ranges first[i] .. stop[i] - 1 in a row, each with its i."""
    counts = np.maximum(stop - first, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) + np.repeat(first - np.cumsum(counts) + counts, counts)
