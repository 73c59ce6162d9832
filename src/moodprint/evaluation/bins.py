"""Whether generated things fall into the same bins, and as often, as real ones.

Source: Richardson and Weiss, On GANs and GMMs (NeurIPS 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation.checks import Float64Array, IntArray
from moodprint.evaluation.frechet import features

_ROUNDS = 100
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
        found = np.bincount(_nearest(features(table), self.centres), minlength=len(self.counts))
        return int((np.abs(_z(self.counts, found)) > _CRITICAL_Z).sum())


def bins(real: npt.ArrayLike, count: int = 50, seed: int = 0) -> Bins:
    """``count`` clusters of real things [N, D] by k-means (Lloyd's, begun as k-means++ does).

    Raises:
        OptionError: no table, or fewer rows than bins.
    """
    table = features(real)
    if not 1 <= count <= len(table):
        raise OptionError(f"{len(table)} rows cannot fill {count} bins")
    centres = _spread_rows(table, count, np.random.default_rng(seed))
    for _ in range(_ROUNDS):
        place = _nearest(table, centres)
        moved = np.array([table[place == n].mean(0) if (place == n).any() else centres[n]
                          for n in range(count)])  # fmt: skip
        if np.array_equal(moved, centres):
            break
        centres = moved
    return Bins(centres, np.bincount(_nearest(table, centres), minlength=count).astype(np.int64))


def _spread_rows(table: Float64Array, count: int, random: np.random.Generator) -> Float64Array:
    """Rows far from one another: each is drawn by its squared distance from those before."""
    chosen = [int(random.integers(len(table)))]
    distance = ((table - table[chosen[0]]) ** 2).sum(1)
    while len(chosen) < count:
        total = distance.sum()
        share = distance / total if total > 0 else None
        chosen.append(int(random.choice(len(table), p=share)))
        distance = np.minimum(distance, ((table - table[chosen[-1]]) ** 2).sum(1))
    return table[chosen]


def _nearest(table: Float64Array, centres: Float64Array) -> npt.NDArray[np.intp]:
    distance = (centres**2).sum(1) - 2 * table @ centres.T
    nearest: npt.NDArray[np.intp] = distance.argmin(1)
    return nearest


def _z(one: IntArray, other: npt.NDArray[np.intp]) -> Float64Array:
    """The difference of shares in units of its standard error under equal shares."""
    n, m = one.sum(), other.sum()
    pooled = (one + other) / (n + m)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    z: Float64Array = (one / n - other / m) / np.where(error > 0, error, np.inf)
    return z
