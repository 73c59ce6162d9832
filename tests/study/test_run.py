import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from moodprint.dataset.config import AugmentConfig, CorpusConfig
from moodprint.errors import CorpusError, MissingExtraError, MoodprintError
from moodprint.features.cache import FeatureCache
from moodprint.study import trial_runner
from moodprint.study.config import StudyConfig
from moodprint.study.run import run_study

CONFIG = StudyConfig(
    corpora=(CorpusConfig("toys", toy_songs=5),),
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
    assert record["groups"] == 25
    assert record["left_out"] == {}
    trials = [json.loads(path.read_text()) for path in (study[1] / "trials").glob("*.json")]
    assert len(trials) == 3 * 3 + 2 + 2 * 3
    assert all(trial["seconds"] >= 0 and trial["learned_from"] for trial in trials)


def test_nothing_is_left_beside_what_is_promised(study):
    assert {path.name for path in study[1].iterdir()} == {
        "cache",
        "leaderboard.csv",
        "study.json",
        "toy_songs",
        "trials",
    }


def test_finished_trials_are_not_run_again(study, monkeypatch):
    _, out = study
    before = (out / "leaderboard.csv").read_bytes()
    monkeypatch.setattr(
        trial_runner, "run_trial", lambda *_: pytest.fail("a finished trial was run again")
    )
    run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True)
    assert (out / "leaderboard.csv").read_bytes() == before


def test_a_lost_trial_alone_is_run_again(study, monkeypatch):
    _, out = study
    next(iter((out / "trials").glob("*.npy"))).write_bytes(b"broken")
    real, calls = trial_runner.run_trial, []
    monkeypatch.setattr(trial_runner, "run_trial", lambda *args: calls.append(1) or real(*args))
    run_study(CONFIG, out, cache=FeatureCache(out / "cache"), ungrouped=True)
    assert len(calls) == 1


def test_labels_that_nobody_has_are_refused(tmp_path):
    config = replace(CONFIG, labels=("red", "blue"))
    with pytest.raises(CorpusError, match="labels red, blue: 25 samples were left out"):
        run_study(config, tmp_path, cache=FeatureCache(tmp_path))


def test_labels_that_some_have_are_counted(tmp_path):
    config = replace(CONFIG, labels=("Sad ", "CALM"), features=("acoustic",), models=("ridge",))
    found = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    assert found.left_out == {"angry": 5, "fear": 5, "happy": 5}
    assert len(found.samples) == 10
    assert json.loads((tmp_path / "study.json").read_text())["left_out"] == found.left_out


def test_a_study_without_any_features_says_why(tmp_path):
    with pytest.raises(MoodprintError, match="no feature set can be had here"):
        run_study(replace(CONFIG, features=("hubert",)), tmp_path, cache=FeatureCache(tmp_path))


def test_a_study_without_any_model_says_what_to_install_before_it_works(tmp_path, monkeypatch):
    monkeypatch.setattr("moodprint.models.classifiers.family.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"'sklearn'.*\[study\]"):
        run_study(CONFIG, tmp_path / "out", cache=FeatureCache(tmp_path))
    assert not (tmp_path / "out").exists()


def test_a_study_in_which_every_trial_fails_says_why(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ValueError("the matrix is singular")

    monkeypatch.setattr("moodprint.study.trial.fit", fail)
    config = replace(CONFIG, features=("acoustic",), models=("ridge",))
    with pytest.raises(MoodprintError, match=r"no model .* \(acoustic ridge: the matrix is"):
        run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))


def test_a_file_that_cannot_be_read_does_not_move_the_holdout(tmp_path):
    """So that a study and a fine-tuned network are tested on the same samples."""
    config = replace(CONFIG, features=("acoustic",), models=("dummy",), finalists=1)
    whole = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    held = {whole.samples[row].id for row in whole.plan.holdout.fold.test}
    lost = whole.samples[whole.plan.folds[0].fold.test[0]]
    lost.excerpt.path.write_bytes(b"no sound")
    part = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    assert len(part.samples) == len(whole.samples) - 1
    assert {part.samples[row].id for row in part.plan.holdout.fold.test} == held


def test_copies_are_learned_from_and_not_tested_on(tmp_path):
    pytest.importorskip("audiomentations", reason="the extra study is not installed")
    config = replace(
        CONFIG, features=("acoustic",), models=("dummy",), augment=AugmentConfig(1, ("gain",))
    )
    found = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    copies = [row for row, each in enumerate(found.samples) if each.synthetic]
    held = set(found.plan.holdout.fold.test.tolist())
    assert len(copies) == 25 - len(held)
    assert set(copies) <= set(found.plan.holdout.fold.train.tolist())
    assert not {found.samples[row].origin for row in copies} & {found.samples[r].id for r in held}


def test_a_study_over_corpora_tests_on_each_in_turn(tmp_path):
    corpora = (CorpusConfig("one", toy_songs=2), CorpusConfig("two", toy_songs=2))
    config = replace(
        CONFIG,
        corpora=corpora,
        features=("acoustic",),
        models=("ridge", "dummy"),
        protocol="leave-one-corpus-out",
    )
    found = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    assert {row.stage for row in found.rows} == {"corpus:one", "corpus:two"}
    assert len(found.rows) == 4
    assert all(row.samples == 10 for row in found.rows)
    mean = {
        model: np.mean([row.uar for row in found.rows if row.model == model])
        for model in config.models
    }
    assert found.finalists[0][1] == max(mean, key=mean.get)


def test_segments_of_a_song_are_scored_by_song_too(tmp_path):
    config = replace(CONFIG, features=("acoustic",), models=("ridge",), segment_s=1.0)
    found = run_study(config, tmp_path, cache=FeatureCache(tmp_path / "cache"))
    assert len(found.samples) == 100
    assert len({sample.song for sample in found.samples}) == 25
    chosen = next(row for row in found.rows if row.stage == "cv")
    assert chosen.song_uar >= chosen.uar - 0.1
    assert chosen.groups < chosen.samples
