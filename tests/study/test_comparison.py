"""What a study says of its winner holds no more than its folds do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from moodprint.evaluation import HeldOutScores
from moodprint.study.comparison import comparisons, verdict
from moodprint.study.trial_runner import StageScores

TRUTH = np.tile([0, 1, 2], 60)
GROUPS = np.repeat(np.arange(60), 3)


def scores(share_right: float, seed: int) -> StageScores:
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(TRUTH)) >= share_right
    predicted = np.where(wrong, (TRUTH + 1) % 3, TRUTH)
    rows = np.arange(len(TRUTH))
    return StageScores(HeldOutScores(TRUTH, np.eye(3)[predicted], rows, GROUPS), rows, 1.0)


def study(**shares: float) -> Any:
    found = {
        ("cv", ("acoustic", model)): scores(share, seed)
        for seed, (model, share) in enumerate(shares.items())
    }
    best = ("acoustic", next(iter(shares)))
    found["holdout", best] = scores(0.1, 99)
    return SimpleNamespace(scores=found, finalists=(best,))


def test_the_others_are_told_nearest_first_with_what_is_known() -> None:
    made = study(lda=0.9, ridge=0.88, dummy=0.3)
    near, far = comparisons(made)
    assert (near.pair, near.told_apart) == (("acoustic", "ridge"), False)
    assert (far.pair, far.told_apart) == (("acoustic", "dummy"), True)
    assert far.difference.value == pytest.approx(0.6, abs=0.15), "the hold-out has no say"
    assert verdict(made, (near, far)) == (
        "lda on acoustic: chosen by folds; not told apart from ridge on acoustic"
    )


def test_a_clear_winner_is_called_better() -> None:
    made = study(lda=0.95, tree=0.5, dummy=0.3)
    assert verdict(made, comparisons(made)) == (
        "lda on acoustic: chosen by folds, and better than the 2 others"
    )


def test_one_alone_is_said_to_be_alone() -> None:
    made = study(lda=0.9)
    assert comparisons(made) == ()
    assert verdict(made, ()).endswith("the only one that was tried")


def test_of_many_that_are_alike_three_are_named() -> None:
    made = study(a=0.8, b=0.8, c=0.8, d=0.8, e=0.8, f=0.8)
    assert verdict(made, comparisons(made)).endswith("and 2 more")
