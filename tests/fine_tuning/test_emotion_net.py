"""The ear that ships learns to tell two tones apart, and forgets nothing else."""

import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import open_bundle
from moodprint.emotion import EMOTIONS
from moodprint.errors import OptionError
from moodprint.evaluation import Fold
from moodprint.fine_tuning.backbone import scores_of
from moodprint.fine_tuning.loop import fine_tune
from moodprint.fine_tuning.training_data import FineTuning, Lessons
from moodprint.models.emotion_net.network import EmotionNetwork
from moodprint.recognition.analyzer import Analyzer

torch = pytest.importorskip("torch", reason="the extra deep is not installed")
pytest.importorskip("onnx", reason="the extra study is not installed")

COUNT = 6
ALL = Fold(np.arange(COUNT), np.arange(COUNT))


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """Low tones are calm, high ones angry; two of them are shorter than the others."""
    folder = tmp_path_factory.mktemp("tones")
    rng = np.random.default_rng(0)
    excerpts = []
    for number in range(COUNT):
        hz = (300, 2500)[number % 2] * rng.uniform(0.9, 1.1)
        times_s = np.arange(16_000 if number < 2 else 32_000) / 16_000
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * times_s), 16_000)
        excerpts.append(Excerpt(path))
    return Lessons(excerpts, np.arange(COUNT) % 2, ("calm", "angry"))


@pytest.fixture(scope="module")
def music():
    """Three seconds of a chord whose notes are struck anew each half second."""
    times_s = np.arange(48_000) / 16_000
    fading = np.exp(-3 * (times_s % 0.5))
    chord = sum(np.sin(2 * np.pi * hz * times_s) for hz in (220, 277, 330, 440))
    return (0.15 * fading * chord).astype(np.float32)


def _options(**more):
    return FineTuning("ear", **{"epochs": 2, "batch": 3, "longest_s": 2.0, **more})


@pytest.fixture(scope="module")
def taught(lessons, tmp_path_factory):
    return fine_tune(
        lessons, ALL, _options(epochs=8, patience=8), tmp_path_factory.mktemp("taught")
    )


def test_a_tiny_set_is_learned_by_heart(taught, lessons):
    assert taught.history[taught.best_epoch]["uar"] == 1
    assert taught.history[-1]["loss"] < taught.history[0]["loss"] / 2
    scores = scores_of(taught.folder, lessons.excerpts, _options(), lessons.labels)
    assert scores.argmax(axis=1).tolist() == lessons.truth.tolist()


def test_presence_valence_and_arousal_stay_to_the_bit(taught, music):
    before, after = (
        EmotionNetwork(open_bundle(name)).infer([music]) for name in ("ear", taught.folder)
    )
    for part in ("presence", "valence_arousal", "embedding", "level_db"):
        np.testing.assert_array_equal(getattr(before, part), getattr(after, part))
    assert not np.allclose(before.emotion, after.emotion)


def test_an_analysis_takes_it(taught, music, tmp_path):
    path = tmp_path / "music.wav"
    soundfile.write(path, music, 16_000)
    told = Analyzer(taught.folder).file(path)
    assert told.model.startswith("ear-taught-")
    assert set(told.overall.probabilities) == set(EMOTIONS)


class _PowerCut(Exception):  # noqa: N818
    pass


def test_a_stopped_run_goes_on_to_the_same_weights(lessons, tmp_path):
    whole = fine_tune(lessons, ALL, _options(), tmp_path / "whole")

    def cut(_what, done, _total):
        if done == 1:
            raise _PowerCut

    with pytest.raises(_PowerCut):
        fine_tune(lessons, ALL, _options(), tmp_path / "cut", cut)
    resumed = fine_tune(lessons, ALL, _options(), tmp_path / "cut")
    assert resumed.history == whole.history
    states = [
        torch.load(tmp_path / name / "last.pt", weights_only=True)["network"]
        for name in ("whole", "cut")
    ]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    bundles = [open_bundle(tmp_path / name / "best") for name in ("whole", "cut")]
    assert bundles[0].card.files == bundles[1].card.files


def test_labels_that_the_ear_cannot_tell_are_refused(lessons, tmp_path):
    other = Lessons(lessons.excerpts, lessons.truth, ("calm", "Q1"))
    with pytest.raises(OptionError, match="and not Q1"):
        fine_tune(other, ALL, _options(), tmp_path)
