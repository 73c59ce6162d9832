import json
import warnings
from dataclasses import replace

import numpy as np
import pytest

from moodprint.dataset.split_plan import StagedFold
from moodprint.evaluation import Fold
from moodprint.study import trial as module
from moodprint.study.trial import Trial, TrialStore, fitted, run_trial
from moodprint.study.trial_table import TrialTable

pytest.importorskip("sklearn", reason="the extra study is not installed")

ROWS = np.arange(60)
TRUTH = ROWS % 3
FOLD = StagedFold("cv", 1, Fold(ROWS[:45], ROWS[45:]))
TRIAL = Trial("acoustic", "ridge", FOLD)


@pytest.fixture(scope="module")
def table():
    """Three classes that any column tells apart, in groups of five."""
    values = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    values += 8 * TRUTH[:, None]
    return TrialTable(values, TRUTH, ROWS // 5, 3)


def test_a_trial_scores_the_rows_that_it_did_not_learn_from(table):
    result = run_trial(replace(TRIAL, model="lda"), table)
    assert result.error is None
    assert result.scores.shape == (15, 3)
    assert result.scores.argmax(axis=1).tolist() == TRUTH[45:].tolist()
    other = table.values.copy()
    other[45:] = 0
    model, _ = fitted(replace(TRIAL, model="lda"), replace(table, values=other))
    np.testing.assert_allclose(model.scores(table.values[45:]), result.scores)


def test_the_record_says_how_the_scores_came_about(table):
    record = run_trial(TRIAL, table).record
    assert (record["features"], record["model"], record["stage"]) == ("acoustic", "ridge", "cv")
    assert (record["fold"], record["learned_from"], record["tested_on"]) == (1, 45, 15)
    assert record["columns"] == 4
    assert record["seconds"] >= 0
    assert json.loads(json.dumps(record)) == record


def test_a_search_looks_at_the_training_side_alone_and_is_recorded(table):
    tuned = replace(TRIAL, tune=True)
    settings = run_trial(tuned, table).record["settings"]
    assert set(settings) == {"alpha"}
    spoiled = table.values.copy()
    spoiled[45:] = np.random.default_rng(1).normal(size=(15, 4))
    assert run_trial(tuned, replace(table, values=spoiled)).record["settings"] == settings
    assert run_trial(TRIAL, table).record["settings"] == {}


def test_a_model_that_fails_gives_the_reason_instead_of_scores(table):
    one_class = replace(table, truth=np.zeros(60, int))
    result = run_trial(TRIAL, one_class)
    assert "at least 2 classes" in result.error
    assert result.scores.shape == (0, 3)
    assert result.seconds == 0


def test_a_lack_of_memory_is_told_by_name(table, monkeypatch):
    def greedy(*_, **__):
        raise MemoryError

    monkeypatch.setattr(module, "fit", greedy)
    assert run_trial(TRIAL, table).error == "MemoryError"


def test_warnings_are_recorded_and_not_shown(table, monkeypatch):
    real = module.fit

    def noisy(*args, **options):
        warnings.warn("did not converge\nsee the guide", RuntimeWarning, stacklevel=1)
        return real(*args, **options)

    monkeypatch.setattr(module, "fit", noisy)
    assert run_trial(TRIAL, table).record["warnings"] == ["did not converge"]


def test_a_finished_trial_is_found_again(table, tmp_path):
    store, result = TrialStore(tmp_path), run_trial(TRIAL, table)
    assert store.get(TRIAL, table.digest) is None
    store.put(result, table.digest)
    found = store.get(TRIAL, table.digest)
    np.testing.assert_array_equal(found.scores, result.scores)
    assert (found.record, found.error, found.seconds) == (result.record, None, result.seconds)


@pytest.mark.parametrize(
    "other",
    [
        replace(TRIAL, features="musicnn"),
        replace(TRIAL, model="lda"),
        replace(TRIAL, tune=True),
        replace(TRIAL, seed=1),
        replace(TRIAL, fold=replace(FOLD, stage="holdout")),
        replace(TRIAL, fold=replace(FOLD, fold=Fold(ROWS[1:45], ROWS[45:]))),
        replace(TRIAL, fold=replace(FOLD, fold=Fold(ROWS[:45], ROWS[46:]))),
    ],
)
def test_a_trial_that_differs_is_another(table, tmp_path, other):
    store = TrialStore(tmp_path)
    store.put(run_trial(TRIAL, table), table.digest)
    assert store.get(other, table.digest) is None
    assert store.get(TRIAL, "another table") is None


@pytest.mark.parametrize(
    ("suffix", "content"),
    [(".npy", b""), (".npy", b"broken"), (".json", b"{"), (".json", b"[1]"), (".json", b"\xff")],
)
def test_a_broken_file_counts_as_not_done(table, tmp_path, suffix, content):
    store = TrialStore(tmp_path)
    store.put(run_trial(TRIAL, table), table.digest)
    next(tmp_path.glob(f"*{suffix}")).write_bytes(content)
    assert store.get(TRIAL, table.digest) is None


def test_scores_of_another_number_of_rows_count_as_not_done(table, tmp_path):
    store, result = TrialStore(tmp_path), run_trial(TRIAL, table)
    store.put(replace(result, scores=result.scores[:3]), table.digest)
    assert store.get(TRIAL, table.digest) is None
