"""Whether one classifier is better than another on the same samples, or it only looks so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.evaluation import validate
from moodprint.evaluation.bootstrap import Interval
from moodprint.evaluation.validate import Float64Array

_DRAWS = 2000


@dataclass(frozen=True)
class PairedTest:
    """How much higher the UAR of the first is, with its 95 % interval, and the probability of a
    difference as large where the two are alike."""

    difference: Interval
    p_value: float


def paired_uar_test(
    truth: npt.ArrayLike,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    seed: int = 0,
) -> PairedTest:
    """Compare two predictions [N] of the same truth [N] by unweighted average recall.

    The answers of whole groups are exchanged at random (approximate randomisation: Noreen 1989),
    for samples of a group are no independent draws; the interval is a bootstrap over groups. One
    group alone tells nothing: its p-value is 1.

    Raises:
        OptionError: lengths that differ, or no rows.
    """
    known, one, _ = validate.label_pair(truth, first, None)
    _, other, _ = validate.label_pair(truth, second, None)
    names = np.asarray(groups)
    validate.same_length(truth=known, groups=names)
    _, group = np.unique(names, return_inverse=True)
    counts, right_one, right_other = (
        _by_group(known, group, weight)
        for weight in (np.ones(len(known)), one == known, other == known)
    )
    rng = np.random.default_rng(seed)
    difference = _uar(right_one.sum(0), counts.sum(0)) - _uar(right_other.sum(0), counts.sum(0))
    # Signs, not sums of both: an exchange of a group's answers turns its own difference around.
    signs = rng.choice([-1.0, 1.0], (_DRAWS, len(counts)))
    exchanged = _uar(signs @ (right_one - right_other), counts.sum(0)[None])
    as_large = np.count_nonzero(np.abs(exchanged) >= abs(difference) - 1e-12)
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), _DRAWS)
    spread = _uar(drawn @ (right_one - right_other), drawn @ counts)
    low, high = np.nanquantile(spread, [0.025, 0.975])
    interval = Interval(float(difference), float(low), float(high))
    return PairedTest(interval, (1 + as_large) / (1 + _DRAWS))


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """P-values of several tests, each so much higher that in all of them together one is below
    0.05 by chance in at most 5 % (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    adjusted = np.zeros(len(p_values))
    highest = 0.0
    for rank, place in enumerate(order.tolist()):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return [float(value) for value in adjusted]


def _by_group(
    truth: npt.NDArray[np.int64], group: npt.ArrayLike, weight: npt.ArrayLike
) -> Float64Array:
    """Sums [G, K] of the weights by group and true class."""
    place = np.asarray(group)
    table = np.zeros((int(place.max()) + 1, int(truth.max()) + 1))
    np.add.at(table, (place, truth), np.asarray(weight, np.float64))
    return table


def _uar(right: Float64Array, counts: Float64Array) -> Float64Array:
    """The mean over the classes that occur [...], of sums [..., K]."""
    occurs = counts > 0
    shares = np.where(occurs, right / np.where(occurs, counts, 1), 0)
    mean: Float64Array = shares.sum(-1) / np.maximum(occurs.sum(-1), 1)
    return mean
