"""Predictions and comparisons as CSV that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from moodprint.dataset.config import CorpusConfig
from moodprint.evaluation import Interval
from moodprint.features.cache import FeatureCache
from moodprint.study.comparison import Comparison
from moodprint.study.config import StudyConfig
from moodprint.study.predictions import write_comparisons, write_predictions
from moodprint.study.run import Study, run_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    pytest.importorskip("sklearn", reason="the extra study is not installed")
    out = tmp_path_factory.mktemp("study")
    config = StudyConfig(
        corpora=(CorpusConfig("=toys", toy_songs=4),),
        features=("acoustic",),
        models=("lda", "dummy"),
        folds=2,
        repeats=2,
        finalists=1,
    )
    return run_study(config, out, cache=FeatureCache(out / "cache"), ungrouped=True)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_sample_that_was_held_out_has_its_answer(study: Study, tmp_path: Path) -> None:
    write_predictions(study, tmp_path / "p.csv")
    rows = read(tmp_path / "p.csv")
    assert {row["model"] for row in rows} == {study.finalists[0][1]}
    assert {row["stage"] for row in rows} == {"cv", "holdout"}, "torn folds are no predictions"
    held_out = study.plan.holdout
    assert held_out is not None
    assert sum(row["stage"] == "holdout" for row in rows) == len(held_out.fold.test)
    assert sum(row["stage"] == "cv" for row in rows) == 2 * len(held_out.fold.train), "repeated"
    for row in rows:
        shares = {name[2:]: float(row[name]) for name in row if name.startswith("p_")}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-3)
        assert shares[row["answer"]] == max(shares.values()) == float(row["confidence"])
        assert row["label"] in row["file"]
        assert not row["sample"].startswith("=")


def test_repeated_folds_are_scored_once_a_repeat(study: Study) -> None:
    row = next(row for row in study.rows if row.stage == "cv")
    assert row.samples == 2 * (20 - 5)
    assert row.groups == 15
    torn = next(row for row in study.rows if row.stage == "ungrouped")
    assert torn.samples == 15


def test_the_others_stand_beside_the_winner(tmp_path: Path) -> None:
    compared = [Comparison(("a", "b"), Interval(0.1, -0.05, 0.2), 0.2)]
    write_comparisons(compared, tmp_path / "c.csv")
    [row] = read(tmp_path / "c.csv")
    assert (row["uar_lower_by"], row["p_value"], row["told_apart"]) == ("0.1000", "0.2000", "false")
