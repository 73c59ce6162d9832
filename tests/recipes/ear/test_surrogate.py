"""The surrogate of recipes/ear/surrogate.py, on made-up cues and answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from moodprint.evaluation.splits import leave_one_corpus_out
from moodprint.recognition.explanation.cues.table import CUES
from recipes.ear import surrogate


@pytest.fixture
def segments():
    """A network that goes by tempo alone: the faster, the angrier; three groups in two corpora."""
    rng = np.random.default_rng(0)
    cues = rng.normal(size=(300, len(CUES)))
    cues[::17, 0] = np.nan
    logits = np.zeros((300, 5))
    logits[:, 0] = 2 * np.nan_to_num(cues[:, 0])
    answers = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    group = np.array(["a", "b", "c"])[np.arange(300) % 3]
    return surrogate.Segments(cues, answers, group, np.where(group == "c", "two", "one"))


def test_what_the_network_goes_by_is_found(segments):
    fitted = surrogate.fit(segments)
    slopes = fitted.weights[: len(CUES)]
    assert slopes[0, 0] - slopes[0, 1:].mean() == pytest.approx(2, rel=0.15)
    assert np.abs(slopes[1:]).max() < 0.1


def test_the_ridge_holds_the_weights_back(segments):
    free, held = (np.abs(surrogate.fit(segments, ridge).weights).max() for ridge in (1e-4, 1.0))
    assert held < 0.3 * free


def test_held_out_segments_are_predicted_by_a_fit_to_the_others(segments):
    predicted = surrogate.held_out(segments, list(leave_one_corpus_out(segments.corpus).values()))
    angry = segments.answers.argmax(axis=1) == 0
    assert (predicted[:, 0] > predicted[:, 1:].max(axis=1))[angry].mean() > 0.9
    assert surrogate.margins_correlate(segments.answers, predicted) > 0.9
    only = surrogate.fit(segments.where(segments.corpus == "one"))
    two = segments.corpus == "two"
    np.testing.assert_allclose(predicted[two], only.logits(segments.cues[two]))


def test_agreement_counts_the_same_likeliest_emotion():
    answers = np.eye(5)[[0, 1, 2, 3]]
    assert surrogate.agreement(answers, np.eye(5)[[0, 1, 2, 4]]) == 0.75


def test_cues_that_cannot_be_told_have_no_terms():
    cues = np.array([[np.nan, 2.0]])
    terms = surrogate.terms(cues, np.zeros(2), np.ones(2))
    np.testing.assert_array_equal(terms, [[0, 2, 0, 3]])


def test_the_figures_say_how_often_both_agree_and_by_chance(segments):
    ten_groups = np.char.add(segments.group, (np.arange(300) % 10).astype(str))
    figures = surrogate.agreement_figures(replace(segments, group=ten_groups))
    assert figures["segments"] == 300
    assert set(figures["held_out_corpora"]) == {"one", "two"}
    within = figures["held_out_groups"]
    assert within["low"] <= within["value"] <= within["high"]
    assert within["value"] > figures["commonest_emotion_alone"]
    assert figures["margins_correlate"]["value"] > 0.9
