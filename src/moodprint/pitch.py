"""How well each pitch class fits a key: what keys are told by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

HEARD_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
HEARD_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""Each pitch class above the tonic, from C on, as listeners rated its fit (Krumhansl and Kessler,
Psychological Review 1982)."""

FOUND_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
FOUND_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""The share of each pitch class in music in C (Albrecht and Shanahan, Music Perception 2013)."""


def of_all_keys(major: Sequence[float], minor: Sequence[float]) -> npt.NDArray[np.float64]:
    """The profiles of 12 major, then 12 minor keys [24, 12] from C on, each of mean 0 and length
    1: their product with pitch classes of mean 0 and length 1 is a correlation."""
    rows = np.array([np.roll(mode, tonic) for mode in (major, minor) for tonic in range(12)])
    rows -= rows.mean(axis=1, keepdims=True)
    profiles: npt.NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return profiles
