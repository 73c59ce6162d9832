"""The teachers of recipes/ear/teachers.py; YAMNet with a stand-in for its interpreter."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import open_bundle
from moodprint.models.music_tagger.network import MusicTagger
from recipes.ear import teachers

needs_onnx = pytest.mark.skipif(
    find_spec("onnx") is None, reason="the teacher's graph is changed by the package onnx"
)


class FakeInterpreter:
    """Scores 0.5 for every class, and 1 for class 0 where the window is loud."""

    def __init__(self, path, num_threads, experimental_preserve_all_tensors):
        assert experimental_preserve_all_tensors
        self._window = np.zeros((1, 15_600))

    def allocate_tensors(self):
        pass

    def invoke(self):
        pass

    def get_input_details(self):
        return [{"index": 0}]

    def get_output_details(self):
        return [{"index": 1}]

    def get_tensor_details(self):
        return [{"name": "x", "index": 5}, {"name": teachers.Yamnet._EMBEDDING, "index": 2}]

    def set_tensor(self, index, value):
        self._window = value

    def get_tensor(self, index):
        if index == 2:
            return self._window.mean(axis=1, keepdims=True)
        scores = np.full((1, 521), 0.5, np.float32)
        scores[0, 0] = np.abs(self._window).max()
        return scores


@pytest.fixture
def yamnet(monkeypatch):
    module = ModuleType("ai_edge_litert.interpreter")
    module.Interpreter = FakeInterpreter
    monkeypatch.setitem(sys.modules, "ai_edge_litert", ModuleType("ai_edge_litert"))
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", module)
    return teachers.Yamnet(Path("yamnet.tflite"))


def test_yamnet_is_asked_for_the_middle_of_each_second(yamnet):
    samples = np.zeros(6 * 8_000, np.float32)
    samples[2 * 8_000 : 4 * 8_000] = 1
    outputs = yamnet.infer(samples, 6)
    assert outputs.logits.shape == (6, 521)
    assert outputs.embedding[:, 0].tolist() == [0, 0, 1, 1, 0, 0]
    assert (outputs.logits[:, 0] > 10).tolist() == [False, False, True, True, False, False]
    assert outputs.asked.all()


def test_an_odd_row_has_the_answer_of_its_second(yamnet):
    outputs = yamnet.infer(np.ones(3 * 8_000, np.float32), 3)
    assert outputs.logits.shape == (3, 521)
    assert 0.45 < outputs.embedding[2, 0] < 0.55  # half of that second is sound


def test_certain_scores_have_finite_logits(yamnet):
    logits = yamnet.infer(np.ones(8_000, np.float32), 1).logits
    assert np.isfinite(logits).all()
    assert logits[0, 1] == pytest.approx(0)


@needs_onnx
def test_musicnn_is_asked_about_every_other_patch():
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 0.1, 9 * 16_000).astype(np.float32)
    outputs = teachers.MusiCNN().infer(samples, 18)
    assert outputs.asked.tolist() == [True] * 6 + [False] * 6 + [True] * 6
    assert outputs.logits.shape == (18, 50)
    assert outputs.embedding.shape == (18, 200)
    assert not outputs.logits[6:12].any()
    assert not outputs.embedding[6:12].any()
    assert (outputs.logits[:6] == outputs.logits[0]).all()
    assert not np.allclose(outputs.logits[0], outputs.logits[12])


@needs_onnx
def test_musicnn_says_what_the_music_tagger_says_and_its_layer_before_the_rectifier():
    samples = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    outputs = teachers.MusiCNN().infer(samples, 1)
    hidden, logits = MusicTagger(open_bundle("musicnn")).infer(samples)
    np.testing.assert_allclose(outputs.logits[0], logits[0], atol=1e-4)
    negative = outputs.embedding[0] < 0
    assert 20 < negative.sum() < 200
    # A norm follows the rectifier, so what was negative has the value that the norm makes of 0.
    silent, _ = MusicTagger(open_bundle("musicnn")).infer(np.zeros(48_000, np.float32))
    also = negative & (teachers.MusiCNN().infer(np.zeros(48_000, np.float32), 1).embedding[0] < 0)
    assert also.any()
    np.testing.assert_allclose(hidden[0][also], silent[0][also], atol=1e-6)


@needs_onnx
def test_more_rows_than_sound_get_the_last_answer():
    outputs = teachers.MusiCNN().infer(np.zeros(100, np.float32), 20)
    assert outputs.asked.all()
    assert (outputs.logits == outputs.logits[0]).all()


def test_the_student_is_trained_on_the_spectrogram_that_ships():
    assert teachers.log_mel() == open_bundle("ear").card.log_mel == LogMel()
