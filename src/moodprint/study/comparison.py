"""What a study knows of its winner: which of the others it is told apart from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moodprint.dataset.split_plan import HOLDOUT, UNGROUPED
from moodprint.evaluation import HeldOutScores, Interval
from moodprint.evaluation.paired import holm_adjusted, paired_uar_test
from moodprint.evaluation.validate import IntArray
from moodprint.study.run import Study
from moodprint.study.trial_runner import Pair

ALPHA = 0.05
"""Two are told apart below this p-value, adjusted for all the tests of the study."""

_MOST_NAMED = 3


@dataclass(frozen=True)
class Comparison:
    """The winner beside another: how much higher its UAR is in the stages that choose, with the
    interval over groups, and the p-value of a paired test over groups, adjusted for all of them.
    """

    pair: Pair
    difference: Interval
    p_value: float

    @property
    def told_apart(self) -> bool:
        """Whether the difference is more than chance."""
        return self.p_value < ALPHA


def comparisons(study: Study) -> tuple[Comparison, ...]:
    """The winner beside all others that were tried, the nearest first."""
    winner = study.finalists[0]
    truth, predicted, groups = _chosen_by(study, winner)
    pairs = [pair for pair in _pairs(study) if pair != winner]
    tests = [paired_uar_test(truth, predicted, _chosen_by(study, p)[1], groups) for p in pairs]
    adjusted = holm_adjusted([test.p_value for test in tests])
    found = [
        Comparison(pair, test.difference, p_value)
        for pair, test, p_value in zip(pairs, tests, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: each.difference.value))


def verdict(study: Study, compared: Sequence[Comparison]) -> str:
    """``lda on musicnn: chosen by folds; not told apart from ridge on musicnn and 3 more``."""
    chosen = f"{_name(study.finalists[0])}: chosen by folds"
    alike = [each for each in compared if not each.told_apart]
    if not compared:
        return f"{chosen}, the only one that was tried"
    if not alike:
        return f"{chosen}, and better than the {len(compared)} others"
    named = [_name(each.pair) for each in alike[:_MOST_NAMED]]
    more = len(alike) - len(named)
    listed = ", ".join(named) + (f" and {more} more" if more else "")
    return f"{chosen}; not told apart from {listed}"


def _name(pair: Pair) -> str:
    features, model = pair
    return f"{model} on {features}"


def _choosing(study: Study) -> list[str]:
    stages = dict.fromkeys(stage for stage, _ in study.scores)
    return [stage for stage in stages if stage not in (HOLDOUT, UNGROUPED)]


def _pairs(study: Study) -> list[Pair]:
    """Those that have scores in all stages that choose."""
    stages = _choosing(study)
    pairs = dict.fromkeys(pair for _, pair in study.scores)
    return [pair for pair in pairs if all((stage, pair) in study.scores for stage in stages)]


def _chosen_by(study: Study, pair: Pair) -> tuple[IntArray, IntArray, IntArray]:
    """Truth, predictions and groups of a pair over the stages that choose."""
    parts: list[HeldOutScores] = [
        study.scores[stage, pair].held_out
        for stage in _choosing(study)
        if (stage, pair) in study.scores
    ]
    return (
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.predicted for part in parts]),
        np.concatenate([part.groups for part in parts]),
    )
