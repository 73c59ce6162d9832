"""Who learns from what, and who is judged on what: the splits of a study, guarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodprint.dataset.samples import Sample, groups_of, lineage_of
from moodprint.evaluation import (
    Fold,
    group_holdout,
    leave_one_corpus_out,
    refuse_leaks,
    stratified_group_folds,
)
from moodprint.evaluation.validate import IntArray
from moodprint.study.config import StudyConfig

HOLDOUT, CV, UNGROUPED = "holdout", "cv", "ungrouped"


@dataclass(frozen=True)
class Split:
    """One fold with the ``stage`` it belongs to and its number in it."""

    stage: str
    number: int
    fold: Fold


@dataclass(frozen=True)
class Plan:
    """``splits`` choose among models; ``holdout``, where there is one, judges the chosen once."""

    splits: tuple[Split, ...]
    holdout: Split | None


def plan(samples: Sequence[Sample], labels: IntArray, config: StudyConfig) -> Plan:
    """The splits that the config asks for, over samples that may hold copies and made sound.

    Copies and made samples are learned from where their origin is, and never judged on. Where
    nothing is to be held out, the folds go over all samples.

    Raises:
        LeakError: a group, a duplicate or an origin would stand on both sides.
        OptionError: too few groups or corpora for the splits.
    """
    groups, real = groups_of(samples), np.array([not each.made for each in samples])
    rows = np.flatnonzero(real)
    if config.protocol == "leave-one-corpus-out":
        corpora = np.array([each.corpus for each in samples])[rows]
        splits = tuple(
            Split(f"corpus:{name}", 0, _without_shared(Fold(rows[f.train], rows[f.test]), groups))
            for name, f in leave_one_corpus_out(corpora).items()
        )
        return _guarded(Plan(splits, None), samples, groups)
    learn, test = _held_out(rows, labels, groups, config)
    inner = stratified_group_folds(labels[learn], groups[learn], config.folds, config.seed)
    splits = tuple(
        Split(CV, n, Fold(learn[fold.train], learn[fold.test])) for n, fold in enumerate(inner)
    )
    holdout = Split(HOLDOUT, 0, Fold(learn, test)) if len(test) else None
    return _guarded(Plan(splits, holdout), samples, groups)


def _held_out(
    rows: IntArray, labels: IntArray, groups: IntArray, config: StudyConfig
) -> tuple[IntArray, IntArray]:
    """The rows to learn from and those held out."""
    if not config.holdout_share:
        return rows, rows[:0]
    outer = group_holdout(labels[rows], groups[rows], config.holdout_share, config.seed)
    return rows[outer.train], rows[outer.test]


def careless(labels: IntArray, honest: Plan, seed: int) -> Plan:
    """The same numbers of folds by clip, groups torn apart: to show what that would have claimed.

    Nothing is chosen by it, and it is never guarded.
    """
    rows = np.unique(np.concatenate([split.fold.test for split in honest.splits]))
    folds = stratified_group_folds(
        labels[rows], np.arange(len(rows)), max(2, len(honest.splits)), seed
    )
    splits = tuple(
        Split(UNGROUPED, n, Fold(rows[fold.train], rows[fold.test])) for n, fold in enumerate(folds)
    )
    return Plan(splits, None)


def _guarded(plan: Plan, samples: Sequence[Sample], groups: IntArray) -> Plan:
    lineage = lineage_of(samples)
    done = []
    for split in (*plan.splits, *([plan.holdout] if plan.holdout else [])):
        fold = _with_made(split.fold, samples, groups)
        refuse_leaks(fold, lineage)
        done.append(Split(split.stage, split.number, fold))
    return Plan(tuple(done[: len(plan.splits)]), done[-1] if plan.holdout else None)


def _without_shared(fold: Fold, groups: IntArray) -> Fold:
    """The fold without training rows of a group that is judged: an artist in two corpora, say."""
    return Fold(fold.train[~np.isin(groups[fold.train], groups[fold.test])], fold.test)


def _with_made(fold: Fold, samples: Sequence[Sample], groups: IntArray) -> Fold:
    """The fold with the made samples that belong to its training side.

    A copy goes with its origin. Generated music without an origin may be learned from wherever its
    group is not judged on.
    """
    learned = {samples[row].id for row in fold.train.tolist()}
    judged = set(groups[fold.test].tolist())
    extra = [
        row
        for row, each in enumerate(samples)
        if each.made and (each.origin in learned if each.origin else int(groups[row]) not in judged)
    ]
    return Fold(np.concatenate([fold.train, np.array(extra, np.int64)]), fold.test)
