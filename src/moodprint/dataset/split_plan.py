"""Which samples are learned from and which are tested on: the folds of an experiment, guarded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from moodprint.dataset.config import LEAVE_ONE_CORPUS_OUT, DatasetConfig
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample, groups_of, lineage_of
from moodprint.errors import CorpusError, LeakError
from moodprint.evaluation import (
    Fold,
    group_holdout,
    leave_one_corpus_out,
    refuse_leaks,
    stratified_group_folds,
)
from moodprint.evaluation.validate import IntArray

HOLDOUT, CV, UNGROUPED, CORPUS = "holdout", "cv", "ungrouped", "corpus:"


@dataclass(frozen=True)
class StagedFold:
    """One fold with the ``stage`` it belongs to and its number in it."""

    stage: str
    number: int
    fold: Fold


@dataclass(frozen=True)
class SplitPlan:
    """``folds`` choose among models; ``holdout``, where there is one, tests the chosen once.

    Row numbers are those of the samples that it was made for.
    """

    folds: tuple[StagedFold, ...]
    holdout: StagedFold | None

    @property
    def learned_from(self) -> IntArray:
        """The rows that some fold learns from, in rising order."""
        return np.unique(np.concatenate([each.fold.train for each in self.all_folds]))

    @property
    def all_folds(self) -> tuple[StagedFold, ...]:
        """The folds, and the hold-out last."""
        return (*self.folds, self.holdout) if self.holdout else self.folds

    def with_copies(self, samples: Sequence[Sample]) -> SplitPlan:
        """The plan for ``samples`` to which copies were added at the end: each is learned from
        where its origin is.

        Raises:
            LeakError: a copy would stand on the other side than its origin.
        """
        copies = [row for row, sample in enumerate(samples) if sample.origin]

        def joined(fold: Fold) -> Fold:
            learned = {samples[row].id for row in fold.train.tolist()}
            more = [row for row in copies if samples[row].origin in learned]
            return Fold(np.union1d(fold.train, np.array(more, np.int64)), fold.test)

        return _changed(self, joined).guarded(samples)

    def restricted(self, usable: npt.NDArray[np.bool_]) -> SplitPlan:
        """The plan for the samples that are ``usable`` [N], in their order.

        Raises:
            CorpusError: a fold would have nothing to learn from or to be tested on.
        """
        number = np.cumsum(usable) - 1

        def kept(fold: Fold) -> Fold:
            return Fold(*(number[side[usable[side]]] for side in (fold.train, fold.test)))

        plan = _changed(self, kept)
        for each in plan.all_folds:
            if not (len(each.fold.train) and len(each.fold.test)):
                raise CorpusError(
                    f"of {each.stage} {each.number} no sample can be read on one side"
                )
        return plan

    def guarded(self, samples: Sequence[Sample]) -> SplitPlan:
        """The plan itself, once the guard has looked at every fold. Raises LeakError."""
        lineage = lineage_of(samples)
        for each in self.all_folds:
            refuse_leaks(each.fold, lineage)
        return self


def split_plan(dataset: Dataset, config: DatasetConfig) -> SplitPlan:
    """The folds that the config asks for, over samples of which some may be synthetic.

    Synthetic samples are never tested on, and learned from wherever their group is not tested on.
    Where nothing is to be held out, the folds go over all samples.

    Raises:
        LeakError: a group, a duplicate or an origin would stand on both sides; or nothing is left
            to learn from, since all of it shares a group with the corpus that is tested on.
        OptionError: too few groups or corpora for the folds. CorpusError: all is synthetic.
    """
    samples, groups = dataset.samples, groups_of(dataset.samples)
    real = np.flatnonzero([not each.synthetic for each in samples])
    if not len(real):
        raise CorpusError("all samples are synthetic: they may be learned from, not tested on")
    if config.protocol == LEAVE_ONE_CORPUS_OUT:
        plan = _by_corpus(samples, real, groups)
    else:
        plan = _by_group(dataset.truth, real, groups, config)
    return _changed(plan, lambda fold: _with_synthetic(fold, samples, groups)).guarded(samples)


def ungrouped_plan(truth: IntArray, honest: SplitPlan, seed: int) -> SplitPlan:
    """As many folds by sample, groups torn apart: to show what that would have claimed.

    Nothing is chosen by it, and it is never guarded.
    """
    tested = np.concatenate([each.fold.test for each in honest.folds])
    rows = np.unique(tested)
    once = len(honest.folds) * len(rows) // len(tested)  # of folds that were repeated
    folds = stratified_group_folds(truth[rows], np.arange(len(rows)), max(2, once), seed)
    return SplitPlan(_staged(UNGROUPED, [Fold(rows[f.train], rows[f.test]) for f in folds]), None)


def _by_corpus(samples: Sequence[Sample], real: IntArray, groups: IntArray) -> SplitPlan:
    """A fold a corpus, without training rows of a group that is tested on: an artist of both."""
    corpora = np.array([each.corpus for each in samples])[real]
    folds = []
    for name, fold in leave_one_corpus_out(corpora).items():
        train, test = real[fold.train], real[fold.test]
        own = train[~np.isin(groups[train], groups[test])]
        if not len(own):
            raise LeakError(
                f"nothing can be learned for a test on the corpus {name!r}: the artists, songs or "
                "files of the other corpora all stand in it, too"
            )
        folds.append(StagedFold(CORPUS + name, 0, Fold(own, test)))
    return SplitPlan(tuple(folds), None)


def _by_group(
    truth: IntArray, real: IntArray, groups: IntArray, config: DatasetConfig
) -> SplitPlan:
    """A hold-out, where it has a share, and folds inside the rest."""
    learn, holdout = real, None
    if config.holdout_share:
        outer = group_holdout(truth[real], groups[real], config.holdout_share, config.seed)
        learn = real[outer.train]
        holdout = StagedFold(HOLDOUT, 0, Fold(learn, real[outer.test]))
    inner = [
        fold
        for repeat in range(config.repeats)
        for fold in stratified_group_folds(
            truth[learn], groups[learn], config.folds, config.seed + repeat
        )
    ]
    return SplitPlan(_staged(CV, [Fold(learn[f.train], learn[f.test]) for f in inner]), holdout)


def _changed(plan: SplitPlan, change: Callable[[Fold], Fold]) -> SplitPlan:
    changed = tuple(replace(each, fold=change(each.fold)) for each in plan.all_folds)
    return SplitPlan(changed[: len(plan.folds)], changed[-1] if plan.holdout else None)


def _staged(stage: str, folds: Sequence[Fold]) -> tuple[StagedFold, ...]:
    return tuple(StagedFold(stage, number, fold) for number, fold in enumerate(folds))


def _with_synthetic(fold: Fold, samples: Sequence[Sample], groups: IntArray) -> Fold:
    tested = set(groups[fold.test].tolist())
    synthetic = [
        row for row, each in enumerate(samples) if each.synthetic and int(groups[row]) not in tested
    ]
    return Fold(np.union1d(fold.train, np.array(synthetic, np.int64)), fold.test)
