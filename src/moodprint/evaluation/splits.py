"""Splits that keep a group on one side, with the classes spread as evenly as groups allow.

A group is whatever must not be torn apart: a song, an artist, an actor, a game. Labels [N] and
groups [N] may be of any type that sorts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import validate
from moodprint.evaluation.validate import Float64Array, IntArray

_ORDERS = 8
"""Orders of dealing that are tried: each costs as much again, and more are seldom evener."""
_EPSILON = 1e-9
"""Differences of shares below this are rounding: without it, dealing might go round for ever."""


@dataclass(frozen=True)
class Fold:
    """Row numbers to train on and row numbers to test on, both in rising order."""

    train: IntArray
    test: IntArray


def stratified_group_folds(
    labels: npt.ArrayLike, groups: npt.ArrayLike, folds: int, seed: int = 0
) -> list[Fold]:
    """As many folds as asked for: each row is tested once, no group is on both sides of a fold.

    Raises:
        OptionError: fewer than 2 folds, fewer groups than folds, or lengths that differ.
    """
    if folds < 2:
        raise OptionError(f"cross-validation takes at least 2 folds, not {folds}")
    side = _dealt(labels, groups, np.full(folds, 1 / folds), seed)
    return [_fold(side == n) for n in range(folds)]


def group_holdout(
    labels: npt.ArrayLike, groups: npt.ArrayLike, share: float = 0.2, seed: int = 0
) -> Fold:
    """One split in which about ``share`` of each class is held out for the test.

    Raises:
        OptionError: a share outside (0, 1), fewer than 2 groups, or lengths that differ.
    """
    if not 0 < share < 1:
        raise OptionError(f"the share to hold out lies in (0, 1), not {share}")
    return _fold(_dealt(labels, groups, np.array([share, 1 - share]), seed) == 0)


def leave_one_corpus_out(corpora: npt.ArrayLike) -> dict[str, Fold]:
    """For each corpus the split that tests on it and trains on all others.

    Raises:
        OptionError: fewer than 2 corpora.
    """
    names = np.asarray(corpora)
    found = np.unique(names)
    if len(found) < 2:
        raise OptionError(f"leaving one corpus out takes at least 2 corpora, not {len(found)}")
    return {str(name): _fold(names == name) for name in found}


def _fold(is_test: npt.NDArray[np.bool_]) -> Fold:
    return Fold(np.flatnonzero(~is_test), np.flatnonzero(is_test))


def _dealt(
    labels: npt.ArrayLike, groups: npt.ArrayLike, shares: Float64Array, seed: int
) -> IntArray:
    """The side [N] of each row, when groups are dealt to sides that want these shares.

    Several orders of dealing are tried, roughly largest group first, and the evenest is kept.
    """
    group_of, counts = _counted(labels, groups)
    if len(counts) < len(shares):
        raise OptionError(
            f"{len(counts)} groups cannot be parted in {len(shares)}: a group is never torn apart"
        )
    counts = counts / counts.sum(axis=0)
    rng = np.random.default_rng(seed)
    best, least = np.zeros(len(counts), np.int64), np.inf
    for jitter in rng.uniform(0.5, 1.5, size=(_ORDERS, len(counts))):
        deal = _Deal(counts, shares, order=np.argsort(-counts.sum(axis=1) * jitter))
        if deal.miss < least - _EPSILON:
            best, least = deal.side, deal.miss
    return best[group_of]


def _counted(labels: npt.ArrayLike, groups: npt.ArrayLike) -> tuple[IntArray, Float64Array]:
    """The group number [N] of each row, and the rows of each class in each group [G, K]."""
    classes, names = np.asarray(labels), np.asarray(groups)
    if classes.ndim != 1 or names.ndim != 1 or not classes.size:
        raise OptionError("a split takes labels [N] and groups [N] with at least one row")
    validate.same_length(labels=classes, groups=names)
    label_of = np.unique(classes, return_inverse=True)[1]
    group_of = np.unique(names, return_inverse=True)[1]
    counts = np.zeros((group_of.max() + 1, label_of.max() + 1))
    np.add.at(counts, (group_of, label_of), 1)
    return group_of, counts


class _Deal:
    """Groups [G, K] (shares of each class) dealt to sides [S], one after another."""

    def __init__(self, counts: Float64Array, shares: Float64Array, order: IntArray) -> None:
        self.side = np.full(len(counts), -1)
        self._counts = counts
        self._missing = np.repeat(shares[:, None], counts.shape[1], axis=1)
        for place, group in enumerate(order):
            self._deal(int(group), left=len(order) - place)
        while self._improved(order):
            pass

    @property
    def miss(self) -> float:
        """How far all sides are from their shares of the classes, squared and summed."""
        return float((self._missing**2).sum())

    def _deal(self, group: int, left: int) -> None:
        """To the side that gains most; to an empty one where only as many groups are left."""
        cost = self._cost(group, self._missing)
        empty = np.bincount(self.side[self.side >= 0], minlength=len(cost)) == 0
        if empty.sum() == left:
            cost = np.where(empty, cost, np.inf)
        near = np.flatnonzero(cost <= cost.min() + _EPSILON)
        self._place(group, int(near[self._missing[near].sum(axis=1).argmax()]))

    def _improved(self, order: IntArray) -> bool:
        """Move each group where that makes the whole evener; a side's last group stays."""
        moved = False
        for group in order.tolist():
            now = self.side[group]
            if (self.side == now).sum() == 1:
                continue
            without = self._missing.copy()
            without[now] += self._counts[group]
            cost = self._cost(group, without)
            if cost.min() < cost[now] - _EPSILON:
                self._place(group, int(cost.argmin()))
                moved = True
        return moved

    def _cost(self, group: int, missing: Float64Array) -> Float64Array:
        """How the miss changes with the side [S] that takes the group."""
        taken = self._counts[group]
        change: Float64Array = (taken * (taken - 2 * missing)).sum(axis=1)
        return change

    def _place(self, group: int, side: int) -> None:
        if self.side[group] >= 0:
            self._missing[self.side[group]] += self._counts[group]
        self._missing[side] -= self._counts[group]
        self.side[group] = side
