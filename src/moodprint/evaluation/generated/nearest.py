"""How near things lie to one another: diversity, and copies of what was learned from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array

_CHUNK = 256
"""Rows whose distances are held at once, so that memory grows with one table alone."""


def nearest_distances(things: npt.ArrayLike, known: npt.ArrayLike) -> Float64Array:
    """The Euclidean distance [N] of each thing [N, D] to the nearest known one [M, D].

    Raises:
        OptionError: not two tables of the same width.
    """
    table, others = validate.features(things), validate.features(known)
    if table.shape[1] != others.shape[1]:
        raise OptionError(f"rows of {table.shape[1]} and {others.shape[1]} values have no distance")
    return np.concatenate([_distances(part, others).min(axis=1) for part in _parts(table)])


def mean_distance(things: npt.ArrayLike) -> float:
    """The mean Euclidean distance of all pairs of things [N, D]: 0 where all are the same.

    Raises:
        OptionError: no table of 2 rows or more.
    """
    table = validate.features(things)
    total = sum(float(_distances(part, table).sum()) for part in _parts(table))
    return total / (len(table) * (len(table) - 1))


def _parts(table: Float64Array) -> list[Float64Array]:
    return np.split(table, range(_CHUNK, len(table), _CHUNK))


def _distances(one: Float64Array, other: Float64Array) -> Float64Array:
    """All distances [N, M]."""
    from scipy.spatial.distance import cdist

    return cdist(one, other)
