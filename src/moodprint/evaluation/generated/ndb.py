"""Whether generated things fall into the same bins, and as often, as real ones.

Source: Richardson and Weiss, On GANs and GMMs (NeurIPS 2018).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array, IntArray

_ROUNDS = 100
"""Of k-means: far more than it takes to settle."""
_CRITICAL_Z = 1.959963984540054
"""Two-sided, at a significance of 0.05."""


@dataclass(frozen=True)
class Bins:
    """The centres [K, D] of clusters of real things, and how many fall to each [K]."""

    centres: Float64Array
    counts: IntArray

    def different(self, table: npt.ArrayLike) -> int:
        """NDB: in how many bins the share of other things [N, D] is another one, by the
        two-proportion z-test at 0.05. About a twentieth of the bins is so by chance.

        Raises:
            OptionError: no table of the same width.
        """
        found = _filled(validate.features(table), self.centres)
        return int((np.abs(_z(self.counts, found)) > _CRITICAL_Z).sum())


def fit_bins(real: npt.ArrayLike, count: int = 50, seed: int = 0) -> Bins:
    """``count`` clusters of real things [N, D] by k-means, begun as k-means++ does.

    Raises:
        OptionError: no table, or fewer rows than bins.
    """
    from scipy.cluster.vq import kmeans2

    table = validate.features(real)
    if not 1 <= count <= len(table):
        raise OptionError(f"{len(table)} rows cannot fill {count} bins")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of empty clusters: rows that are all alike fill one
        centres, _ = kmeans2(table, count, iter=_ROUNDS, minit="++", seed=seed)
    return Bins(centres, _filled(table, centres))


def _filled(table: Float64Array, centres: Float64Array) -> IntArray:
    """How many rows lie nearest to each centre [K]."""
    from scipy.cluster.vq import vq

    return np.bincount(vq(table, centres)[0], minlength=len(centres)).astype(np.int64)


def _z(one: IntArray, other: IntArray) -> Float64Array:
    """The difference of shares in units of its standard error under equal shares."""
    n, m = one.sum(), other.sum()
    pooled = (one + other) / (n + m)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return (one / n - other / m) / np.where(error > 0, error, np.inf)
