"""Heads and the figures about them, on made-up tables of recipes/ear/table.py."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.emotion import EMOTIONS


@pytest.fixture(scope="module")
def recipe(heads):
    """Recipes for the made table: one group of features, and no moods."""

    def make(**options):
        plain = {"groups": (slice(0, 8),), "moods": (), "mood_shares": (), "nearness": 0.0}
        return heads.HeadRecipe(**(plain | options))

    return make


@pytest.fixture(scope="module")
def made(load):
    """A table of two corpora, in which the first five features tell the emotion; in the second one
    they also lean to angry."""
    table = load("table")
    rng = np.random.default_rng(0)
    tracks, segments = 100, 3
    truth = np.arange(tracks) % 5
    lean = np.where(np.arange(tracks) < tracks // 2, 0.0, 1.5)
    features = rng.normal(0, 0.4, (tracks, 8))
    features[np.arange(tracks), truth] += 2
    features[:, 0] += lean
    target = np.eye(5, dtype=np.float32)[truth]

    def each(values):
        return np.repeat(np.asarray(values), segments, axis=0)

    return table.Table(
        features=each(features) + rng.normal(0, 0.2, (tracks * segments, 8)),
        target=each(target),
        point=each(target @ table.ANCHOR_POINTS),
        rated=each(np.zeros(tracks, bool)),
        track=each(np.arange(tracks)),
        group=each([f"artist {n // 2}" for n in range(tracks)]),
        corpus=each(["one"] * (tracks // 2) + ["two"] * (tracks // 2)),
        copy=each(np.zeros(tracks, bool)),
    )


def other_than(table, **columns):
    """The table with some columns in place of its own."""
    fields = {name: getattr(table, name) for name in table.__dataclass_fields__}
    return type(table)(**(fields | columns))


def test_heads_learn_what_tells_the_emotions_apart(heads, made, recipe):
    fitted = heads.fit(made, recipe())
    assert (fitted.logits(made.features).argmax(axis=1) == made.target.argmax(axis=1)).mean() > 0.9
    assert np.abs(fitted.points(made.features) - made.point).mean() < 0.25


def test_a_stronger_ridge_holds_the_weights_back(heads, made, recipe):
    weak, strong = (heads.fit(made, recipe(ridge=r)) for r in (0.01, 1.0))
    assert np.abs(strong.emotion).sum() < 0.5 * np.abs(weak.emotion).sum()


def test_a_track_counts_once_however_long(heads, made, recipe):
    longer = made.where(np.repeat(np.arange(len(made.track)), np.where(made.track == 3, 5, 1)))
    order = np.argsort(longer.track, kind="stable")
    one, other = (heads.fit(t, recipe()) for t in (made, longer.where(order)))
    # The features' scale, by which weights are held back, counts segments: so only nearly.
    np.testing.assert_allclose(other.emotion, one.emotion, atol=0.05)


def test_an_unknown_emotion_teaches_its_point_alone(heads, made, recipe):
    target = made.target.copy()
    target[made.track >= 90] = 0
    unknown = heads.fit(other_than(made, target=target), recipe())
    without = heads.fit(made.where(made.track < 90), recipe())
    assert np.abs(unknown.emotion - without.emotion).max() < 0.1


def test_what_is_scored_was_not_learned_from(scores, heads, made, recipe):
    """Labels of the scored corpus that are nonsense do not change the answers."""
    answers = scores.across(made, ("two",), recipe())
    target = np.where((made.corpus == "two")[:, None], np.eye(5, dtype=np.float32)[0], made.target)
    other = scores.across(other_than(made, target=target), ("two",), recipe())
    np.testing.assert_array_equal(other.logits, answers.logits)
    assert set(answers.table.corpus) == {"two"}


def test_changed_copies_are_never_scored(scores, heads, made, recipe):
    copies = other_than(made, copy=np.ones(len(made.track), bool))
    columns = made.__dataclass_fields__
    both = type(made)(
        *(np.concatenate([getattr(made, name), getattr(copies, name)]) for name in columns)
    )
    for answers in (
        scores.across(both, ("two",), recipe()),
        scores.folded(both, recipe()),
    ):
        assert not answers.table.copy.any()


def test_adapting_takes_a_lean_away(scores, heads, made, recipe):
    answers = scores.across(made, ("two",), recipe(ridge=0.001))
    plain, adapted = (scores.Emotions(answers, adapt=a).uar("x").interval for a in (False, True))
    assert adapted.value > plain.value


def test_quadrants_add_up_their_emotions(scores):
    shares = np.eye(len(EMOTIONS))
    quadrants = scores.to_quadrants(shares)
    assert quadrants.shape == (5, 4)
    np.testing.assert_array_equal(quadrants[0], quadrants[2])  # angry and fear
    np.testing.assert_array_equal(quadrants.sum(axis=1), 1)


def test_the_temperature_softens_what_is_too_sure(load, scores, heads, made, recipe):
    calibrate = load("calibrate")
    answers = scores.across(made, ("two",), recipe(ridge=0.001))
    sure = scores.Answers(answers.table, answers.logits * 20, answers.points)
    softer, plain = calibrate._temperature([sure]), calibrate._temperature([answers])
    assert softer > 5 * plain


def test_a_rated_point_teaches_the_emotions_near_it_seen_from_its_corpus(heads, made, load):
    anchors = load("table").ANCHOR_POINTS
    shift = np.array([0.4, 0.2], np.float32)
    rated = other_than(
        made,
        rated=np.ones(len(made.track), bool),
        point=made.target @ (anchors - anchors.mean(axis=0)) + shift,
        target=np.zeros_like(made.target),
    )
    shares = heads.soft_targets(rated)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares.argmax(axis=1) == made.target.argmax(axis=1)).mean() > 0.7
    moved = other_than(rated, point=rated.point - 2 * shift)
    np.testing.assert_allclose(heads.soft_targets(moved), shares, atol=1e-5)


def test_what_tells_corpora_apart_counts_less(heads, made, recipe):
    """The first feature leans to angry in the second corpus: its weight there is held back."""
    free, held = (heads.fit(made, recipe(apart=a)).emotion for a in (0.0, 10.0))
    assert abs(held[0, 0]) < 0.3 * abs(free[0, 0])
    assert abs(held[4, 4]) > 0.9 * abs(free[4, 4])


def test_moods_count_without_labels(heads, made, recipe):
    blind = other_than(made, target=np.full_like(made.target, 0.2))
    fitted = heads.fit(blind, recipe(moods=((0, 1, 2, 3, 4),), mood_shares=(1.0,)))
    own = made.corpus == "one"
    predicted = fitted.logits(made.features[own]).argmax(axis=1)
    assert (predicted == made.target[own].argmax(axis=1)).mean() > 0.9


def test_an_emotion_gains_where_the_point_lies_near_its_anchor(heads, made, recipe, load):
    anchors = load("table").ANCHOR_POINTS
    plain, near = (heads.fit(made, recipe(nearness=n)) for n in (0.0, 1.5))
    gained = near.logits(made.features) - plain.logits(made.features)
    point = made.features @ near.point + near.point_bias
    away = ((point[:, None] - anchors) ** 2).sum(axis=2)
    expected = -1.5 * (away - away.mean(axis=1, keepdims=True))
    np.testing.assert_allclose(gained - gained.mean(axis=1, keepdims=True), expected, atol=1e-3)


def test_groups_of_features_are_fused_late(heads, made, recipe):
    one, other = (recipe(groups=(part,)) for part in (slice(0, 4), slice(3, 8)))
    both = heads.fit(made, recipe(groups=(slice(0, 4), slice(3, 8)))).logits(made.features)
    each = [heads.fit(made, r).logits(made.features) for r in (one, other)]
    np.testing.assert_allclose(both, np.mean(each, axis=0), atol=1e-6)


def test_who_has_no_name_for_an_emotion_adds_nothing_to_it(heads, made, recipe):
    plain = heads.fit(made, recipe())
    named = heads.fit(made, recipe(moods=((0, -1, -1, 3, -1),), mood_shares=(0.5,)))
    added = named.emotion - plain.emotion
    assert added[0, 0] > 0
    assert added[3, 3] > 0
    assert not added[:, [1, 2, 4]].any()


def test_how_common_an_emotion_is_in_a_corpus_is_not_learned_from_its_sound(heads, made, recipe):
    """The sixth feature tells the corpus, and one corpus is mostly angry."""
    features = made.features.copy()
    second = made.corpus == "two"
    features[:, 5] = second
    truth = np.where(second & (made.track % 10 != 0), 0, made.target.argmax(axis=1))
    target = np.eye(5, dtype=np.float32)[truth]
    leaning = other_than(made, features=features, target=target)
    free, shared = (
        heads.fit(leaning, recipe(apart=0.0, corpus_ridge=ridge)).emotion[5, 0]
        for ridge in (1e-4, 1e6)
    )
    assert abs(free) < 0.5 * abs(shared)


def test_a_corpus_is_scored_by_source(scores, heads, made, recipe, monkeypatch):
    """By heads that know all other music, and its other sources."""
    left_out = []

    def fit(table, own_recipe):
        left_out.append(set(made.group) - set(table.group))
        return heads.fit(table, own_recipe)

    monkeypatch.setattr(scores, "fit", fit)
    answers = scores.by_source(made, "two", recipe())
    predicted = answers.logits.argmax(axis=1)
    assert (predicted == answers.table.target.argmax(axis=1)).mean() > 0.9
    assert len(left_out) == scores.FOLDS
    groups = sorted(group for fold in left_out for group in fold)
    assert groups == sorted(set(made.group[made.corpus == "two"]))
