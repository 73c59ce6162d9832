"""Intervals for a score, by resampling whole groups.

Clips of one artist are alike, so clips are no independent draws; groups are. Resampling clips
would give intervals that are too narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Interval:
    """A score and the bounds in which it would likely fall on other groups of the same kind."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def group_bootstrap(
    metric: Callable[..., float],
    groups: npt.ArrayLike,
    *arrays: npt.ArrayLike,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """The percentile interval of ``metric(*arrays)`` when whole groups are drawn with replacement.

    ``groups`` [N] names the group of each row of the ``arrays`` [N, ...]. Draws for which the
    metric is NaN are left out; the bounds are NaN where all are. One group gives no spread.

    Raises:
        OptionError: lengths that differ, no rows, or a level or number of draws that makes no
            sense.
    """
    if resamples < 1 or not 0 < level < 1:
        raise OptionError(
            f"a bootstrap takes resamples >= 1 and a level in (0, 1), not {resamples}, {level}"
        )
    tables = [np.asarray(array) for array in arrays]
    if not tables or len(tables[0]) == 0:
        raise OptionError("a bootstrap takes at least one array with at least one row")
    rows = rows_by_group(groups)
    validate.same_length(
        groups=np.asarray(groups), **{f"array {n}": table for n, table in enumerate(tables, 1)}
    )
    value = float(metric(*tables))
    draws = _draws(metric, rows, tables, resamples, np.random.default_rng(seed))
    if not draws.size:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def rows_by_group(groups: npt.ArrayLike) -> list[Array]:
    """The row numbers of each group, groups in the order of their names."""
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(place, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(place[order])) + 1)


def _draws(
    metric: Callable[..., float],
    rows: list[Array],
    tables: list[Array],
    resamples: int,
    rng: np.random.Generator,
) -> Array:
    values = np.empty(resamples)
    for n in range(resamples):
        drawn = np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])
        values[n] = metric(*(table[drawn] for table in tables))
    return values[~np.isnan(values)]
