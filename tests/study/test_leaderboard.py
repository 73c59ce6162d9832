import csv

import numpy as np
import pytest

from moodprint.study.leaderboard import Judged, judge, ranked, write_leaderboard


def _judged(scores, truth=(0, 0, 1, 1), songs=(0, 0, 1, 1)):
    return Judged(np.array(truth), np.array(scores, float), np.array(songs), np.array(songs))


def test_a_song_is_judged_by_the_mean_of_its_segments():
    judged = _judged([[2, 0], [0, 1], [0, 3], [1, 0]])
    assert judged.predicted.tolist() == [0, 1, 1, 0]
    assert judged.by_song.predicted.tolist() == [0, 1]
    row = judge("acoustic", "ridge", "cv", judged, resamples=20)
    assert row.uar == 0.5
    assert row.song_uar == 1
    assert (row.samples, row.groups) == (4, 2)


def test_a_given_temperature_is_used():
    sure = _judged([[9, 0], [9, 0], [0, 9], [9, 0]])
    hot = judge("a", "b", "holdout", sure, temperature=1000.0, resamples=5)
    cold = judge("a", "b", "holdout", sure, temperature=1.0, resamples=5)
    assert hot.calibration_error == pytest.approx(0.25, abs=0.01)
    assert cold.calibration_error == pytest.approx(0.25, abs=0.01)
    assert hot.calibration_error != cold.calibration_error


def test_rows_are_ranked_within_their_stage_and_written(tmp_path):
    right, wrong = _judged([[1, 0], [1, 0], [0, 1], [0, 1]]), _judged([[0, 1]] * 4)
    rows = [
        judge("x", "low", "cv", wrong, resamples=5),
        judge("x", "low", "holdout", wrong, resamples=5),
        judge("x", "high", "cv", right, resamples=5),
    ]
    assert [(row.stage, row.model) for row in ranked(rows)] == [
        ("cv", "high"),
        ("cv", "low"),
        ("holdout", "low"),
    ]
    write_leaderboard(tmp_path / "board.csv", rows)
    with (tmp_path / "board.csv").open() as file:
        first = next(csv.DictReader(file))
    assert first["uar"] == "1.0000"
    assert first["samples"] == "4"
