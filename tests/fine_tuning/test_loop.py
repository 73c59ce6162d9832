"""Tiny networks with random weights, saved in the real format, learn to tell two tones apart."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from tiny_speech import KINDS, save_tiny_speech

from moodprint.audio.excerpt import Excerpt
from moodprint.errors import BundleError, MissingWeightsError, OptionError
from moodprint.evaluation import Fold
from moodprint.fine_tuning.backbone import scores_of
from moodprint.fine_tuning.loop import fine_tune
from moodprint.fine_tuning.training_data import FineTuning, Lessons

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
transformers = pytest.importorskip("transformers", reason="the extra deep is not installed")


@pytest.fixture(scope="module", params=KINDS)
def checkpoint(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    wider = {"hidden_size": 32, "conv_dim": (16, 16), "conv_stride": (5, 32)}
    save_tiny_speech(folder, request.param, classifier_proj_size=16, **wider)
    return folder


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tones")
    rng = np.random.default_rng(0)
    excerpts = []
    for number in range(8):
        hz = (300, 2500)[number % 2] * rng.uniform(0.9, 1.1)
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * np.arange(8000) / 16_000), 16_000)
        excerpts.append(Excerpt(path))
    return Lessons(excerpts, np.arange(8) % 2, ("low", "high"))


ALL = Fold(np.arange(8), np.arange(8))


def _options(checkpoint, **more):
    chosen = {"epochs": 3, "batch": 4, "learning_rate": 2e-3, "longest_s": 0.5, **more}
    return FineTuning(str(checkpoint), **chosen)


def _weights(folder):
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors")


@pytest.mark.long
def test_a_tiny_set_is_learned_by_heart(checkpoint, lessons, tmp_path):
    options = _options(checkpoint, epochs=25, patience=25)
    found = fine_tune(lessons, ALL, options, tmp_path)
    assert found.history[found.best_epoch]["uar"] == 1
    assert found.history[-1]["loss"] < found.history[0]["loss"] / 2
    scores = scores_of(found.folder, lessons.excerpts, options, lessons.labels)
    assert scores.argmax(axis=1).tolist() == lessons.truth.tolist()


def test_the_front_end_stays_and_the_rest_learns(checkpoint, lessons, tmp_path):
    found = fine_tune(lessons, ALL, _options(checkpoint, epochs=1), tmp_path)
    before, after = _weights(checkpoint), _weights(found.folder)
    prefix = next(name for name in after if "feature_extractor" in name).split("feature_ex")[0]
    same = {name for name in before if np.array_equal(before[name], after[prefix + name])}
    assert {name for name in before if name.startswith("feature_extractor")} <= same
    assert not {name for name in same if name.startswith("encoder.layers") and "weight" in name}


class _PowerCut(Exception):  # noqa: N818
    pass


def test_a_stopped_run_goes_on_to_the_same_weights(checkpoint, lessons, tmp_path):
    options = _options(checkpoint, epochs=3)
    whole = fine_tune(lessons, ALL, options, tmp_path / "whole")

    def cut(_what, done, _total):
        if done == 2:
            raise _PowerCut

    with pytest.raises(_PowerCut):
        fine_tune(lessons, ALL, options, tmp_path / "cut", cut)
    resumed = fine_tune(lessons, ALL, options, tmp_path / "cut")
    assert resumed.history == whole.history
    states = [
        torch.load(tmp_path / name / "last.pt", weights_only=True)["network"]
        for name in ("whole", "cut")
    ]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_it_ends_early_without_progress(checkpoint, lessons, tmp_path):
    options = _options(checkpoint, epochs=9, patience=2, learning_rate=1e-12)
    assert len(fine_tune(lessons, ALL, options, tmp_path).history) == 3


def test_a_folder_of_other_options_or_a_broken_one_is_refused(checkpoint, lessons, tmp_path):
    options = _options(checkpoint, epochs=1)
    fine_tune(lessons, ALL, options, tmp_path)
    with pytest.raises(OptionError, match="other options"):
        fine_tune(lessons, ALL, replace(options, seed=1), tmp_path)
    (tmp_path / "last.pt").write_bytes(b"broken")
    with pytest.raises(BundleError, match="begin anew"):
        fine_tune(lessons, ALL, options, tmp_path)


def test_the_rate_warms_up_and_falls():
    options = FineTuning("x", warmup_share=0.2)
    rates = [options.pace_at(step, 10) for step in range(10)]
    assert rates[:2] == [0.5, 1.0]
    assert rates[2] == 1.0
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 0.2


def test_what_makes_no_sense_is_refused(lessons, tmp_path):
    for wrong in ({"epochs": 0}, {"learning_rate": 0}, {"warmup_share": 1.0}, {"longest_s": 0}):
        with pytest.raises(OptionError):
            FineTuning("x", **wrong)
    with pytest.raises(MissingWeightsError, match="hf download"):
        fine_tune(lessons, ALL, FineTuning("nobody/has-this"), tmp_path)
