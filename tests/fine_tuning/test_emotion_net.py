"""The network that ships learns to tell two tones apart, and forgets nothing else."""

import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from moodprint.bundle import open_bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import MissingExtraError, OptionError
from moodprint.evaluation import Fold
from moodprint.fine_tuning import emotion_net
from moodprint.fine_tuning.emotion_net import EmotionNetBackbone
from moodprint.fine_tuning.loop import fine_tune
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.training_data import TrainingData
from moodprint.models.emotion_net.card import WEIGHTS
from moodprint.models.emotion_net.network_onnx import EmotionNetwork
from moodprint.recognition.analyzer import Analyzer

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
pytest.importorskip("onnx", reason="the extra deep is not installed")

COUNT = 6
ALL = Fold(np.arange(COUNT), np.arange(COUNT))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Such small batches are not worth two threads, which wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tones):
    """Low tones are calm, high ones angry; two of them are shorter than the others."""
    return TrainingData(tones([1, 1, 2, 2, 2, 2]), np.arange(COUNT) % 2, ("calm", "angry"))


@pytest.fixture(scope="module")
def music():
    """Three seconds of a chord whose notes are struck anew each half second."""
    times_s = np.arange(48_000) / 16_000
    fading = np.exp(-3 * (times_s % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * times_s) for hz in (220, 277, 330, 440))
    return (0.15 * fading * chord).astype(np.float32)


def _options(**more):
    return FineTuningOptions("ear", **{"epochs": 2, "batch": 3, "longest_s": 2.0, **more})


@pytest.fixture(scope="module")
def tuned(data, tmp_path_factory):
    return fine_tune(data, ALL, _options(epochs=8, patience=8), tmp_path_factory.mktemp("tuned"))


def test_a_tiny_set_is_learned_by_heart(tuned, data):
    assert tuned.history[tuned.best_epoch]["uar"] == 1
    assert tuned.history[-1]["loss"] < tuned.history[0]["loss"] / 2
    scores = EmotionNetBackbone.scores(tuned.folder, data.excerpts, _options(), data.labels)
    assert scores.argmax(axis=1).tolist() == data.truth.tolist()


def test_presence_valence_and_arousal_stay_to_the_bit(tuned, music):
    before, after = (
        EmotionNetwork(open_bundle(name)).infer([music]) for name in ("ear", tuned.folder)
    )
    for part in ("presence", "valence_arousal", "embedding", "level_db"):
        np.testing.assert_array_equal(getattr(before, part), getattr(after, part))
    assert not np.allclose(before.emotion, after.emotion)


def test_an_analysis_takes_it(tuned, music, tmp_path):
    path = tmp_path / "music.wav"
    soundfile.write(path, music, 16_000)
    timeline = Analyzer(tuned.folder).file(path)
    assert timeline.model.startswith("ear-fine-tuned-")
    assert set(timeline.overall.probabilities) == set(EMOTIONS)


def test_what_was_fine_tuned_can_be_fine_tuned_again(tuned, data, music, tmp_path):
    again = fine_tune(data, ALL, replace(_options(), checkpoint=str(tuned.folder)), tmp_path)
    first, second = (open_bundle(each.folder) for each in (tuned, again))
    assert second.card.name == "ear-fine-tuned"
    assert len(second.read(WEIGHTS)) == pytest.approx(len(first.read(WEIGHTS)), rel=0.01)
    before, after = (EmotionNetwork(each).infer([music]) for each in (first, second))
    np.testing.assert_array_equal(before.presence, after.presence)
    assert not np.allclose(before.emotion, after.emotion)


def test_only_the_last_layers_and_a_new_head_learn(data):
    backbone = EmotionNetBackbone(_options(), data.labels)
    learning = {name for name, p in backbone.network.named_parameters() if p.requires_grad}
    assert {name.split(".")[0] for name in learning} == {"emotion_tail", "emotion"}
    assert len(learning) == 2 * 7 + 2
    assert not backbone.logits(data.excerpts[:2], [0.5, 0.5]).any()


class _PowerCut(Exception):  # noqa: N818
    pass


def test_a_stopped_run_goes_on_to_the_same_weights(data, tmp_path):
    whole = fine_tune(data, ALL, _options(), tmp_path / "whole")

    def cut(_what, done, _total):
        if done == 1:
            raise _PowerCut

    with pytest.raises(_PowerCut):
        fine_tune(data, ALL, _options(), tmp_path / "cut", cut)
    resumed = fine_tune(data, ALL, _options(), tmp_path / "cut")
    assert resumed.history == whole.history
    states = [
        torch.load(tmp_path / name / "last.pt", weights_only=True)["network"]
        for name in ("whole", "cut")
    ]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    bundles = [open_bundle(tmp_path / name / "best") for name in ("whole", "cut")]
    assert bundles[0].card.files == bundles[1].card.files


def test_labels_that_the_network_cannot_tell_are_refused(data, tmp_path):
    other = TrainingData(data.excerpts, data.truth, ("calm", "Q1"))
    with pytest.raises(OptionError, match="and not Q1"):
        fine_tune(other, ALL, _options(), tmp_path)


def test_what_fine_tuning_needs_is_named_where_it_is_missing(data, monkeypatch):
    monkeypatch.setitem(sys.modules, "moodprint.models.emotion_net.network_torch", None)
    with pytest.raises(MissingExtraError, match="torch"):
        EmotionNetBackbone(_options(), data.labels)


def test_columns_follow_the_labels_whatever_their_order(tuned, data):
    both = EmotionNetBackbone.scores(tuned.folder, data.excerpts[:2], _options(), ("calm", "angry"))
    turned = EmotionNetBackbone.scores(
        tuned.folder, data.excerpts[:2], _options(), ("angry", "calm")
    )
    np.testing.assert_array_equal(both, turned[:, ::-1])


def test_a_card_that_is_signed_keeps_what_the_network_is(tuned, tmp_path):
    shutil.copytree(tuned.folder, tmp_path / "signed")
    calibration = {"temperature": 2.0, "abstain_below": 0.1}
    EmotionNetBackbone.sign(tmp_path / "signed", {"version": "7", "calibration": calibration})
    before, after = open_bundle(tuned.folder), open_bundle(tmp_path / "signed")
    assert after.card.name == before.card.name
    assert after.card.files == before.card.files
    assert after.fields["features"] == before.fields["features"]
    assert (after.card.version, after.card.calibration.temperature) == ("7", 2.0)


def test_each_clip_is_decoded_once(data, monkeypatch):
    decoded = []
    real = emotion_net.mono_samples
    monkeypatch.setattr(
        emotion_net, "mono_samples", lambda *args: decoded.append(args) or real(*args)
    )
    backbone = EmotionNetBackbone(_options(), data.labels)
    for _ in range(3):
        backbone.logits(data.excerpts[:2], [0.0, 1.0])
    assert len(decoded) == 2


def test_a_rate_of_its_own_is_used_where_none_is_asked_for(data, tmp_path):
    assert EmotionNetBackbone.learning_rate < 1e-2
    with pytest.raises(OptionError, match="a learning rate is above 0"):
        fine_tune(data, ALL, _options(learning_rate=0.0), tmp_path)
