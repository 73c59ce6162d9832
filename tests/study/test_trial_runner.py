"""Trials are run once, in parallel too; a killed study leaves no process behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from processes import lives, wait_until

from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.split_plan import StagedFold
from moodprint.engine import worker
from moodprint.errors import MissingExtraError, WorkerCrashedError
from moodprint.evaluation import stratified_group_folds
from moodprint.models.classifiers.family import Family
from moodprint.models.classifiers.skops_file import loaded
from moodprint.study import trial_runner
from moodprint.study.config import StudyConfig
from moodprint.study.trial_runner import RunTrial, TrialRunner
from moodprint.study.trial_table import TrialTable

pytest.importorskip("sklearn", reason="the extra study is not installed")

ROWS = np.arange(60)
TRUTH = ROWS % 3
FOLDS = [
    StagedFold("cv", number, fold)
    for number, fold in enumerate(stratified_group_folds(TRUTH, ROWS // 5, 3))
]
PAIRS = [("clear", "lda"), ("noise", "lda"), ("clear", "dummy")]


@pytest.fixture(scope="module")
def tables():
    noise = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    clear = noise + 8 * TRUTH[:, None].astype(np.float32)
    return {
        name: TrialTable(values, TRUTH, ROWS // 5, 3)
        for name, values in (("clear", clear), ("noise", noise))
    }


def _runner(tables, folder, **more):
    config = StudyConfig(
        corpora=(CorpusConfig("x", toy_songs=1),), features=("acoustic",), models=("lda",)
    )
    return TrialRunner(config, tables, ROWS // 2, folder, **{"workers": 1, **more})


def test_scores_of_all_folds_are_put_together_in_the_order_of_the_rows(tables, tmp_path):
    scores = _runner(tables, tmp_path).scores(FOLDS, PAIRS)
    assert set(scores) == {("cv", pair) for pair in PAIRS}
    clear = scores["cv", ("clear", "lda")]
    assert clear.rows.tolist() == ROWS.tolist()
    assert clear.held_out.truth.tolist() == clear.held_out.predicted.tolist() == TRUTH.tolist()
    assert clear.held_out.songs.tolist() == (ROWS // 2).tolist()
    assert clear.held_out.groups.tolist() == (ROWS // 5).tolist()
    noise = scores["cv", ("noise", "lda")].held_out
    assert (noise.predicted == noise.truth).mean() < 0.7


def test_stages_are_told_apart(tables, tmp_path):
    holdout = StagedFold("holdout", 0, FOLDS[0].fold)
    scores = _runner(tables, tmp_path).scores([*FOLDS, holdout], PAIRS[:1])
    assert {stage for stage, _ in scores} == {"cv", "holdout"}
    assert scores["holdout", PAIRS[0]].rows.tolist() == FOLDS[0].fold.test.tolist()


def test_workers_give_the_same_scores_as_one_process(tables, tmp_path):
    one = _runner(tables, tmp_path / "one").scores(FOLDS, PAIRS)
    with _runner(tables, tmp_path / "two", workers=2) as runner:
        two = runner.scores(FOLDS, PAIRS)
    for key, each in one.items():
        np.testing.assert_allclose(two[key].held_out.scores, each.held_out.scores)


def test_all_stages_and_the_winner_have_the_same_processes(tables, tmp_path, monkeypatch):
    started = []
    start = worker.start_process
    monkeypatch.setattr(worker, "start_process", lambda **how: started.append(how) or start(**how))
    pytest.importorskip("skops", reason="the extra study is not installed")
    with _runner(tables, tmp_path, workers=2) as runner:
        runner.scores(FOLDS, PAIRS)
        runner.scores([StagedFold("holdout", 0, FOLDS[0].fold)], PAIRS[:1])
        kept = runner.model(PAIRS[0], FOLDS[0])
    assert len(started) == 2
    assert kept.learned == (0, 1, 2)
    model = loaded(kept.content, kept.learned, 3)
    values = tables["clear"].values
    assert (model.scores(values).argmax(axis=1) == TRUTH).all()
    assert not (tmp_path / "tables").exists()


def test_a_finished_trial_is_not_run_again(tables, tmp_path, monkeypatch):
    steps = []
    runner = _runner(tables, tmp_path, progress=lambda *step: steps.append(step))
    first = runner.scores(FOLDS, PAIRS)
    told = [done for _, done, _ in steps]
    assert {(stage, total) for stage, _, total in steps} == {("trials", 9)}
    assert (len(told), told[-1]) == (9, 9)
    assert all(0 <= done <= 9 for done in told)
    monkeypatch.setattr(trial_runner, "run_trial", lambda *_: pytest.fail("it was run again"))
    again = runner.scores(FOLDS, PAIRS)
    for key, each in first.items():
        np.testing.assert_array_equal(again[key].held_out.scores, each.held_out.scores)


def test_trials_are_kept_as_each_ends_and_tables_only_as_long_as_needed(tables, tmp_path):
    runner = _runner(tables, tmp_path)
    runner.scores(FOLDS, PAIRS[:1])
    assert len(list((tmp_path / "trials").glob("*.json"))) == 3
    assert len(list((tmp_path / "tables").iterdir())) == 1
    runner.clean_up()
    assert {path.name for path in tmp_path.iterdir()} == {"trials"}


def test_a_model_whose_package_is_missing_is_told_and_the_rest_go_on(tables, tmp_path, monkeypatch):
    def check(family):
        if family.name == "dummy":
            raise MissingExtraError("xgboost", "study")

    monkeypatch.setattr(Family, "check", check)
    runner = _runner(tables, tmp_path)
    assert set(runner.scores(FOLDS, PAIRS)) == {("cv", pair) for pair in PAIRS[:2]}
    assert "xgboost" in runner.failed["dummy"]


def test_a_pair_of_which_a_trial_failed_has_no_scores(tables, tmp_path):
    runner = _runner({"clear": tables["clear"], "noise": _of_one_class(tables["noise"])}, tmp_path)
    assert set(runner.scores(FOLDS, PAIRS)) == {("cv", PAIRS[0]), ("cv", PAIRS[2])}
    assert "at least 2 classes" in runner.failed["noise lda"]


def _of_one_class(table):
    return TrialTable(table.values, np.zeros(60, int), table.groups, 3)


class CrashingEngine:
    """An engine whose process dies at the second trial."""

    def run(self, function, items, **options):
        from moodprint.engine import Outcome

        for number, item in enumerate(items):
            if number == 1:
                yield Outcome(item, error=WorkerCrashedError("it was killed"))
            else:
                yield Outcome(item, value=function(item))


def test_a_process_that_dies_costs_its_pair_alone(tables, tmp_path):
    runner = _runner(tables, tmp_path, engine=CrashingEngine())
    # The first folds of all pairs come first: the second trial is one of the second pair.
    assert set(runner.scores(FOLDS, PAIRS)) == {("cv", pair) for pair in PAIRS if pair != PAIRS[1]}
    assert runner.failed == {" ".join(PAIRS[1]): "it was killed"}
    assert len(list((tmp_path / "trials").glob("*.json"))) == 8


def test_an_error_that_is_no_trials_fault_ends_the_run(tables, tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(trial_runner, "run_trial", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        _runner(tables, tmp_path).scores(FOLDS, PAIRS)


def test_no_values_travel_with_the_function(tables, tmp_path, monkeypatch):
    import pickle

    sent = {}

    class Watcher(CrashingEngine):
        def run(self, function, items, **options):
            sent["function"], sent["item"] = function, next(iter(items))
            return iter(())

    big = {"clear": TrialTable(np.zeros((60, 50_000), np.float32), TRUTH, ROWS // 5, 3)}
    _runner(big, tmp_path, engine=Watcher()).scores(FOLDS, PAIRS[:1])
    assert isinstance(sent["function"], RunTrial)
    assert len(pickle.dumps(sent["function"])) < 5000
    assert len(pickle.dumps(sent["item"])) < 5000


SLOW_STUDY = """
import sys
from pathlib import Path
import numpy as np
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.split_plan import StagedFold
from moodprint.evaluation import stratified_group_folds
from moodprint.study.config import StudyConfig
from moodprint.study.trial_table import TrialTable
from moodprint.study.trial_runner import TrialRunner

rows = np.arange(20_000)
values = np.random.default_rng(0).normal(size=(20_000, 200)).astype(np.float32)
table = TrialTable(values, rows % 5, rows, 5)
parts = stratified_group_folds(rows % 5, rows // 50, 4)
folds = [StagedFold("cv", number, fold) for number, fold in enumerate(parts)]
config = StudyConfig(
    corpora=(CorpusConfig("x", toy_songs=1),), features=("acoustic",), models=("rbf_svc",)
)
runner = TrialRunner(config, {"noise": table}, rows, Path(sys.argv[1]), workers=2)
runner.scores(folds, [("noise", "rbf_svc")])
"""


def _children(process_id):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == process_id:
            found.append(int(path.parent.name))
    return [*found, *(each for child in found for each in _children(child))]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_a_study_that_is_killed_leaves_no_process_behind(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", SLOW_STUDY, str(tmp_path)])
    try:
        wait_until(lambda: len(_at_work(parent.pid)) == 2, 60)
        children = _children(parent.pid)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    wait_until(lambda: not any(lives(child) for child in children), 10)
    assert len(children) >= 2


def _at_work(process_id):
    """Children that have the table in their memory, and so fit a model."""
    maps = {child: Path(f"/proc/{child}/maps") for child in _children(process_id)}
    return [child for child, path in maps.items() if lives(child) and ".npy" in path.read_text()]
