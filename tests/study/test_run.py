import csv
import json

import numpy as np
import pytest

from moodprint.errors import CorpusError, MoodprintError
from moodprint.features.cache import FeatureCache
from moodprint.study import trial_runner
from moodprint.study.config import CorpusConfig, StudyConfig
from moodprint.study.run import run_study

CONFIG = StudyConfig(
    corpora=(CorpusConfig("toys", made=5),),
    features=("acoustic", "hubert"),
    feature_options={"hubert": {"checkpoint": "nobody/has-this"}},
    models=("ridge", "naive_bayes", "dummy"),
    folds=3,
    finalists=2,
    holdout_share=0.3,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    out = tmp_path_factory.mktemp("study")
    return run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True), out


def test_the_leaderboard_has_the_promised_columns_and_stages(study):
    _, out = study
    with (out / "leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    promised = [
        "features",
        "model",
        "uar",
        "uar_low",
        "uar_high",
        "macro_f1",
        "weighted_f1",
        "stage",
    ]
    assert list(rows[0])[:8] == promised
    assert [row["stage"] for row in rows] == ["cv"] * 3 + ["holdout"] * 2 + ["ungrouped"] * 2
    for row in rows:
        low, value, high = (float(row[name]) for name in ("uar_low", "uar", "uar_high"))
        assert 0 <= low <= value <= high <= 1


def test_what_was_learned_beats_the_floor(study):
    by_model = {row.model: row.uar for row in study[0].rows if row.stage == "cv"}
    assert by_model["ridge"] > 0.7
    assert by_model["dummy"] < 0.45


def test_the_finalists_are_the_best_of_the_cross_validation(study):
    found, _ = study
    best = [(row.features, row.model) for row in found.rows if row.stage == "cv"][:2]
    assert list(found.finalists) == best
    assert {(row.features, row.model) for row in found.rows if row.stage == "holdout"} == set(best)


def test_a_set_that_is_not_here_is_skipped_in_a_line_that_says_how_to_get_it(study):
    assert list(study[0].skipped) == ["hubert"]
    assert (
        "hf download nobody/has-this" in study[0].skipped["hubert"]
        or "deep" in (study[0].skipped["hubert"])
    )


def test_the_record_can_be_repeated_from(study):
    record = json.loads((study[1] / "study.json").read_text())
    assert record["config"]["seed"] == 0
    assert len(record["data_hash"]) == 32
    assert record["versions"]["numpy"] == np.__version__
    assert record["samples"] == 25
    cells = [json.loads(path.read_text()) for path in (study[1] / "cells").glob("*.json")]
    assert len(cells) == 3 * 3 + 2 + 2 * 3
    assert all(cell["seconds"] >= 0 and cell["learned_from"] for cell in cells)


def test_finished_cells_are_not_run_again(study, monkeypatch):
    _, out = study
    before = (out / "leaderboard.csv").read_bytes()
    monkeypatch.setattr(
        trial_runner, "run_cell", lambda *_: pytest.fail("a finished cell was run again")
    )
    run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True)
    assert (out / "leaderboard.csv").read_bytes() == before


def test_a_lost_cell_alone_is_run_again(study, monkeypatch):
    _, out = study
    next(iter((out / "cells").glob("*.npy"))).write_bytes(b"broken")
    real, calls = trial_runner.run_cell, []
    monkeypatch.setattr(trial_runner, "run_cell", lambda *args: calls.append(1) or real(*args))
    run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True)
    assert len(calls) == 1


def test_labels_that_nobody_has_are_refused(tmp_path):
    config = StudyConfig(CONFIG.corpora, ("acoustic",), ("ridge",), labels=("red", "blue"))
    with pytest.raises(CorpusError, match="labels red, blue"):
        run_study(config, tmp_path, cache=FeatureCache(tmp_path))


def test_a_study_without_any_features_says_why(tmp_path):
    config = StudyConfig(
        CONFIG.corpora, ("hubert",), ("ridge",), feature_options=CONFIG.feature_options
    )
    with pytest.raises(MoodprintError, match="no feature set can be had here"):
        run_study(config, tmp_path, cache=FeatureCache(tmp_path))
