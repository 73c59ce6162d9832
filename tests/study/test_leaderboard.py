import csv
from dataclasses import fields

import numpy as np
import pytest

from moodprint.evaluation import HeldOutScores, LeaderboardRow, leaderboard_row
from moodprint.study.leaderboard import ranked, stage_title, write_leaderboard

RIGHT = [[1, 0], [1, 0], [0, 1], [0, 1]]
WRONG = [[0, 1]] * 4


def _row(model, stage, scores, features="x"):
    rows = np.arange(4)
    held_out = HeldOutScores(np.array([0, 0, 1, 1]), np.array(scores, float), rows, rows)
    return leaderboard_row(features, model, stage, held_out, resamples=5)


@pytest.fixture
def rows():
    return [
        _row("low", "cv", WRONG),
        _row("low", "holdout", WRONG),
        _row("high", "cv", RIGHT, "y"),
        _row("high", "cv", RIGHT, "a"),
    ]


def test_rows_are_ranked_within_their_stage(rows):
    assert [(row.stage, row.model, row.features) for row in ranked(rows)] == [
        ("cv", "high", "a"),
        ("cv", "high", "y"),
        ("cv", "low", "x"),
        ("holdout", "low", "x"),
    ]


def test_the_file_has_the_promised_columns_ranked_rows_and_four_places(rows, tmp_path):
    write_leaderboard(tmp_path / "board.csv", rows)
    with (tmp_path / "board.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    # fmt: off
    assert list(written[0])[:8] == [
        "features", "model", "uar", "uar_low", "uar_high", "macro_f1", "weighted_f1", "stage",
    ]
    # fmt: on
    assert list(written[0]) == [field.name for field in fields(LeaderboardRow)]
    assert [row["features"] for row in written] == ["a", "y", "x", "x"]
    assert (written[0]["uar"], written[0]["samples"]) == ("1.0000", "4")


def test_the_same_rows_give_the_same_bytes_in_any_order(rows, tmp_path):
    for name, of in (("one", rows), ("two", [*rows[:2], *rows[:1:-1]])):
        write_leaderboard(tmp_path / name, of)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_stage_has_a_title():
    assert stage_title("cv") == "Cross-validation by group"
    assert stage_title("holdout") == "Hold-out"
    assert stage_title("corpus:My Games") == "Tested on My Games, learned from the others"
