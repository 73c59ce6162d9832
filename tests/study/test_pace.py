"""Time left goes by what cells took, not by how many trials there are."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.dataset.split_plan import StagedFold
from moodprint.evaluation import Fold
from moodprint.study.pace import Pace
from moodprint.study.trial import Trial, TrialResult

ROWS = np.arange(3)


def trial(model: str, number: int, features: str = "acoustic") -> Trial:
    return Trial(features, model, StagedFold("cv", number, Fold(ROWS, ROWS)), False, 0)


def result(of: Trial, seconds: float) -> TrialResult:
    return TrialResult(of, np.zeros((0, 0)), {"seconds": seconds})


def test_a_slow_cell_weighs_as_much_as_it_takes() -> None:
    waiting = [trial(model, fold) for fold in range(2) for model in ("fast", "slow")]
    pace = Pace(waiting, [])
    pace.finish(result(waiting[0], 1))
    assert pace.finish(result(waiting[1], 99)) == pytest.approx(4 * 100 / 200)
    assert pace.finish(result(waiting[2], 1)) == pytest.approx(4 * 101 / 200)
    assert pace.finish(result(waiting[3], 99)) == 4


def test_what_was_learned_before_a_stop_counts() -> None:
    known = [result(trial("slow", 0), 90), result(trial("fast", 0), 10)]
    waiting = [trial("fast", 1), trial("slow", 1)]
    assert Pace(waiting, known).finish(result(waiting[0], 10)) == pytest.approx(2 * 10 / 100)


def test_a_model_is_as_slow_on_features_that_it_has_not_met() -> None:
    waiting = [trial("slow", 0), trial("fast", 0), trial("slow", 0, "musicnn")]
    pace = Pace(waiting, [])
    pace.finish(result(waiting[0], 30))
    assert pace.finish(result(waiting[1], 10)) == pytest.approx(3 * 40 / 70)


def test_trials_that_take_no_time_end_at_their_number() -> None:
    waiting = [trial("fast", 0), trial("fast", 1)]
    pace = Pace(waiting, [])
    assert pace.finish(result(waiting[0], 0)) == 0
    assert pace.finish(result(waiting[1], 0)) == 2
