"""The pure parts of recipes/ear/explain.py, on made-up cues and answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moodprint.evaluation.splits import leave_one_corpus_out
from moodprint.recognition.explanation.cues.kinds import CUES
from moodprint.recognition.explanation.surrogate import Surrogate


@pytest.fixture(scope="module")
def recipe(load):
    return load("explain")


@pytest.fixture
def segments(recipe):
    """A network that goes by tempo alone: the faster, the angrier; three groups in two corpora."""
    rng = np.random.default_rng(0)
    cues = rng.normal(size=(300, len(CUES)))
    cues[::17, 0] = np.nan
    logits = np.zeros((300, 5))
    logits[:, 0] = 2 * np.nan_to_num(cues[:, 0])
    answers = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    group = np.array(["a", "b", "c"])[np.arange(300) % 3]
    return recipe.Segments(cues, answers, group, np.where(group == "c", "two", "one"))


def test_what_the_network_goes_by_is_found(recipe, segments):
    fitted = recipe.fit(segments)
    slopes = fitted.weights[: len(CUES)]
    assert slopes[0, 0] - slopes[0, 1:].mean() == pytest.approx(2, rel=0.15)
    assert np.abs(slopes[1:]).max() < 0.1


def test_the_ridge_holds_the_weights_back(recipe, segments):
    free, held = (np.abs(recipe.fit(segments, ridge).weights).max() for ridge in (1e-4, 1.0))
    assert held < 0.3 * free


def test_held_out_segments_are_predicted_by_a_fit_to_the_others(recipe, segments):
    predicted = recipe.held_out(segments, list(leave_one_corpus_out(segments.corpus).values()))
    angry = segments.answers.argmax(axis=1) == 0
    assert (predicted[:, 0] > predicted[:, 1:].max(axis=1))[angry].mean() > 0.9
    assert recipe.margins_correlate(segments.answers, predicted) > 0.9
    only = recipe.fit(segments.where(segments.corpus == "one"))
    two = segments.corpus == "two"
    np.testing.assert_allclose(predicted[two], only.logits(segments.cues[two]))


def test_agreement_counts_the_same_likeliest_emotion(recipe):
    answers = np.eye(5)[[0, 1, 2, 3]]
    assert recipe.agreement(answers, np.eye(5)[[0, 1, 2, 4]]) == 0.75


def test_cues_that_cannot_be_told_have_no_terms(recipe):
    cues = np.array([[np.nan, 2.0]])
    terms = recipe.terms(cues, np.zeros(2), np.ones(2))
    np.testing.assert_array_equal(terms, [[0, 2, 0, 3]])


def test_what_is_written_answers_as_what_was_fitted(recipe, segments):
    fitted = recipe.fit(segments)
    figures = {"held_out_groups": {"value": 0.7}}
    surrogate = Surrogate.from_dict(recipe.explanation_fields(fitted, segments, figures, "ear"))
    place = [effect.mean for effect in surrogate.effects]
    np.testing.assert_allclose(place, fitted.mean, atol=1e-4)
    weights = fitted.weights - fitted.weights.mean(axis=1, keepdims=True)
    slopes = [effect.slope for effect in surrogate.effects]
    np.testing.assert_allclose(slopes, weights[: len(CUES)], atol=1e-4)
    assert surrogate.agreement == 0.7


def test_corpora_are_thinned_evenly(recipe):
    item = recipe.Item
    items = [item(Path(f"{n}.ogg"), "pool", str(n)) for n in range(1000)]
    chosen = recipe.spread([*items, item(Path("x"), "espeak", "x")])
    assert len(chosen) == 250
    assert {i.corpus for i in chosen} == {"pool"}
