"""The pure parts of recipes/ear/explain.py, on made-up cues and answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from recipes.ear.prepare import prepared_path
from recipes.ear.sources import Item
from recipes.ear.surrogate import Segments, fit

from moodprint.recognition.explanation.cues.table import CUES
from moodprint.recognition.explanation.surrogate import Surrogate
from recipes.ear import explain


@pytest.fixture
def segments():
    """Random cues of three groups in two corpora, and answers that follow the first of them."""
    rng = np.random.default_rng(0)
    cues = rng.normal(size=(90, len(CUES)))
    answers = np.full((90, 5), 0.1)
    answers[np.arange(90), np.where(cues[:, 0] > 0, 0, 4)] = 0.6
    group = np.array(["a", "b", "c"])[np.arange(90) % 3]
    return Segments(cues, answers, group, np.where(group == "c", "two", "one"))


def test_what_is_written_answers_as_what_was_fitted(segments):
    fitted = fit(segments)
    figures = {"held_out_groups": {"value": 0.7}}
    surrogate = Surrogate.from_dict(explain.explanation_fields(fitted, segments, figures, "ear"))
    place = [effect.mean for effect in surrogate.effects]
    np.testing.assert_allclose(place, fitted.mean, atol=1e-4)
    weights = fitted.weights - fitted.weights.mean(axis=1, keepdims=True)
    slopes = [effect.slope for effect in surrogate.effects]
    np.testing.assert_allclose(slopes, weights[: len(CUES)], atol=1e-4)
    assert surrogate.agreement == 0.7


def test_corpora_are_thinned_evenly():
    item = Item
    items = [item(Path(f"{n}.ogg"), "pool", str(n)) for n in range(1000)]
    chosen = explain.spread([*items, item(Path("x"), "espeak", "x")])
    assert len(chosen) == 250
    assert {i.corpus for i in chosen} == {"pool"}


@pytest.fixture
def item(tmp_path):
    """Eleven seconds of a chord struck twice a second."""
    times_s = np.arange(11 * 16_000) / 16_000
    chord = sum(np.sin(2 * np.pi * hz * times_s) for hz in (220, 277, 330, 440))
    path = tmp_path / "chord.wav"
    soundfile.write(path, 0.15 * np.exp(-3 * (times_s % 0.5)) * chord, 16_000)
    return Item(path, "4q", "artist")


def test_cues_are_measured_once(item, tmp_path):
    cues = explain.measured_cues(item, tmp_path)
    assert cues.shape == (2, len(CUES))
    assert np.isfinite(cues).any()
    kept = prepared_path(tmp_path, item, "cues")
    item.path.unlink()
    np.testing.assert_array_equal(explain.measured_cues(item, tmp_path), cues)
    assert kept.is_file()


def test_segments_pair_cues_with_what_the_network_answers(item, tmp_path):
    found = explain.segments_of(item, tmp_path, "ear")
    assert isinstance(found, Segments)
    assert found.cues.shape[0] == len(found.answers) == len(found.group) > 0
    np.testing.assert_allclose(found.answers.sum(axis=1), 1, atol=1e-4)


def test_what_cannot_be_read_is_said(item, tmp_path):
    item.path.write_bytes(b"no sound")
    assert "chord.wav" in explain.segments_of(item, tmp_path, "ear")
