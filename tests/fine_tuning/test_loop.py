"""Tiny networks with random weights, saved in the real format, learn to tell two tones apart."""

from dataclasses import replace

import numpy as np
import pytest

from moodprint.errors import BundleError, MissingWeightsError, OptionError
from moodprint.evaluation import Fold
from moodprint.fine_tuning import loop
from moodprint.fine_tuning.loop import fine_tune
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.speech import SpeechBackbone
from moodprint.fine_tuning.training_data import TrainingData

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
transformers = pytest.importorskip("transformers", reason="the extra deep is not installed")


@pytest.fixture(scope="module")
def data(tones):
    return TrainingData(tones([0.5] * 8), np.arange(8) % 2, ("low", "high"))


ALL = Fold(np.arange(8), np.arange(8))


def _options(checkpoint, **more):
    chosen = {"epochs": 3, "batch": 4, "learning_rate": 2e-3, "longest_s": 0.5, **more}
    return FineTuningOptions(str(checkpoint), **chosen)


@pytest.mark.long
def test_a_tiny_set_is_learned_by_heart(checkpoint, data, tmp_path):
    options = _options(checkpoint, epochs=25, patience=25)
    found = fine_tune(data, ALL, options, tmp_path)
    assert found.history[found.best_epoch]["uar"] == 1
    assert found.history[-1]["loss"] < found.history[0]["loss"] / 2
    scores = SpeechBackbone.scores(found.folder, data.excerpts, options, data.labels)
    assert scores.argmax(axis=1).tolist() == data.truth.tolist()


class _PowerCut(Exception):  # noqa: N818
    pass


def test_a_stopped_run_goes_on_to_the_same_weights(checkpoint, data, tmp_path):
    options = _options(checkpoint, epochs=3)
    whole = fine_tune(data, ALL, options, tmp_path / "whole")

    def cut(_what, done, _total):
        if done == 2:
            raise _PowerCut

    with pytest.raises(_PowerCut):
        fine_tune(data, ALL, options, tmp_path / "cut", cut)
    resumed = fine_tune(data, ALL, options, tmp_path / "cut")
    assert resumed.history == whole.history
    states = [
        torch.load(tmp_path / name / "last.pt", weights_only=True)["network"]
        for name in ("whole", "cut")
    ]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_it_ends_early_without_progress(checkpoint, data, tmp_path):
    options = _options(checkpoint, epochs=9, patience=2, learning_rate=1e-12)
    assert len(fine_tune(data, ALL, options, tmp_path).history) == 3


def test_a_folder_of_other_options_or_a_broken_one_is_refused(checkpoint, data, tmp_path):
    options = _options(checkpoint, epochs=1)
    fine_tune(data, ALL, options, tmp_path)
    with pytest.raises(OptionError, match="other options"):
        fine_tune(data, ALL, replace(options, seed=1), tmp_path)
    (tmp_path / "last.pt").write_bytes(b"broken")
    with pytest.raises(BundleError, match="begin anew"):
        fine_tune(data, ALL, options, tmp_path)


def test_an_absent_checkpoint_says_how_to_get_it(data, tmp_path):
    with pytest.raises(MissingWeightsError, match="hf download"):
        fine_tune(data, ALL, FineTuningOptions("nobody/has-this"), tmp_path)


def test_progress_counts_epochs_of_those_that_were_asked_for(checkpoint, data, tmp_path):
    steps = []
    fine_tune(data, ALL, _options(checkpoint), tmp_path, lambda *step: steps.append(step))
    assert steps == [("epochs", 1, 3), ("epochs", 2, 3), ("epochs", 3, 3)]


def test_other_clips_are_another_run(checkpoint, data, tmp_path):
    options = _options(checkpoint, epochs=1)
    fine_tune(data, ALL, options, tmp_path)
    parts = [replace(each, end_s=0.4) for each in data.excerpts]
    with pytest.raises(OptionError, match="other options, clips or weights"):
        fine_tune(replace(data, excerpts=parts), ALL, options, tmp_path)


def test_a_finished_run_is_not_trained_again(checkpoint, data, tmp_path, monkeypatch):
    first = fine_tune(data, ALL, _options(checkpoint, epochs=1), tmp_path)
    monkeypatch.setattr(loop._Run, "epoch", lambda self: pytest.fail("it was trained again"))
    assert fine_tune(data, ALL, _options(checkpoint, epochs=1), tmp_path) == first


def test_the_best_epoch_is_kept_and_not_the_last(checkpoint, data, tmp_path, monkeypatch):
    """The UAR of the first epoch is never reached again: its network is the one that is left."""
    uars = iter([0.9, 0.2, 0.3])
    monkeypatch.setattr(loop, "uar", lambda *_: next(uars))
    saved = []
    real = SpeechBackbone.save
    monkeypatch.setattr(
        SpeechBackbone, "save", lambda self, folder: saved.append(1) or real(self, folder)
    )
    tuned = fine_tune(data, ALL, _options(checkpoint), tmp_path)
    assert tuned.best_epoch == 0
    assert [epoch["uar"] for epoch in tuned.history] == [0.9, 0.2, 0.3]
    assert saved == [1]


def test_classes_weigh_alike_however_many_clips_they_have(checkpoint, data, tmp_path):
    truth = np.array([0] * 6 + [1] * 2)
    run = loop._Run(replace(data, truth=truth), ALL, _options(checkpoint), tmp_path)
    weights = run._weights.tolist()
    assert weights == pytest.approx([8 / (2 * 6), 8 / (2 * 2)])
    assert weights[0] * 6 == pytest.approx(weights[1] * 2)


def test_a_class_without_a_clip_to_learn_from_is_no_division_by_zero(checkpoint, data, tmp_path):
    run = loop._Run(replace(data, truth=np.zeros(8, int)), ALL, _options(checkpoint), tmp_path)
    assert np.isfinite(run._weights.tolist()).all()


def test_every_clip_is_learned_from_once_an_epoch_in_an_order_of_its_own(
    checkpoint, data, tmp_path
):
    run = loop._Run(data, Fold(np.arange(7), np.arange(7)), _options(checkpoint), tmp_path)
    first, second, again = (list(run._batches(number)) for number in (0, 1, 0))
    assert [len(rows) for rows, _ in first] == [4, 3]
    assert sorted(np.concatenate([rows for rows, _ in first]).tolist()) == list(range(7))
    assert all(0 <= place < 1 for _, places in first for place in places)
    orders = [[*np.concatenate([rows for rows, _ in each])] for each in (first, second, again)]
    assert orders[0] != orders[1]
    assert orders[0] == orders[2]
