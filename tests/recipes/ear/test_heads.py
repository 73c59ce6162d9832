"""Heads and the figures about them, on made-up tables of models/ear/table.py."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.emotion import EMOTIONS


@pytest.fixture(scope="module")
def heads(load):
    return load("heads")


@pytest.fixture(scope="module")
def judge(load):
    return load("judge")


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


def test_heads_learn_what_tells_the_emotions_apart(heads, made):
    fitted = heads.fit(made, heads.HeadRecipe())
    assert (fitted.logits(made.features).argmax(axis=1) == made.target.argmax(axis=1)).mean() > 0.9
    assert np.abs(fitted.points(made.features) - made.point).mean() < 0.25


def test_a_stronger_ridge_holds_the_weights_back(heads, made):
    weak, strong = (heads.fit(made, heads.HeadRecipe(ridge=r)) for r in (0.01, 1.0))
    assert np.abs(strong.emotion).sum() < 0.5 * np.abs(weak.emotion).sum()


def test_a_track_counts_once_however_long(heads, made):
    longer = made.where(np.repeat(np.arange(len(made.track)), np.where(made.track == 3, 5, 1)))
    order = np.argsort(longer.track, kind="stable")
    one, other = (heads.fit(t, heads.HeadRecipe()) for t in (made, longer.where(order)))
    # The features' scale, by which weights are held back, counts segments: so only nearly.
    np.testing.assert_allclose(other.emotion, one.emotion, atol=0.05)


def test_an_unknown_emotion_teaches_its_point_alone(heads, made):
    target = made.target.copy()
    target[made.track >= 90] = 0
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    unknown = heads.fit(type(made)(**(fields | {"target": target})), heads.HeadRecipe())
    without = heads.fit(made.where(made.track < 90), heads.HeadRecipe())
    assert np.abs(unknown.emotion - without.emotion).max() < 0.1


def test_what_is_judged_was_not_learned_from(judge, heads, made):
    """Labels of the judged corpus that are nonsense do not change what is said of it."""
    answers = judge.across(made, ("two",), heads.HeadRecipe())
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    target = np.where((made.corpus == "two")[:, None], np.eye(5, dtype=np.float32)[0], made.target)
    other = judge.across(type(made)(**(fields | {"target": target})), ("two",), heads.HeadRecipe())
    np.testing.assert_array_equal(other.logits, answers.logits)
    assert set(answers.table.corpus) == {"two"}


def test_changed_copies_are_never_judged(judge, heads, made):
    fields = {name: getattr(made, name) for name in made.__dataclass_fields__}
    copies = type(made)(**(fields | {"copy": np.ones(len(made.track), bool)}))
    both = type(made)(
        *(np.concatenate([getattr(made, name), getattr(copies, name)]) for name in fields)
    )
    for answers in (
        judge.across(both, ("two",), heads.HeadRecipe()),
        judge.folded(both, heads.HeadRecipe()),
    ):
        assert not answers.table.copy.any()


def test_adapting_takes_a_lean_away(judge, heads, made):
    answers = judge.across(made, ("two",), heads.HeadRecipe(ridge=0.01))
    plain, adapted = (judge.Emotions(answers, adapt=a).uar("x").interval for a in (False, True))
    assert adapted.value > plain.value


def test_quadrants_add_up_their_emotions(judge):
    shares = np.eye(len(EMOTIONS))
    quadrants = judge.to_quadrants(shares)
    assert quadrants.shape == (5, 4)
    np.testing.assert_array_equal(quadrants[0], quadrants[2])  # angry and fear
    np.testing.assert_array_equal(quadrants.sum(axis=1), 1)


def test_the_temperature_softens_what_is_too_sure(load, judge, heads, made):
    calibrate = load("calibrate")
    answers = judge.across(made, ("two",), heads.HeadRecipe(ridge=0.01))
    sure = judge.Answers(answers.table, answers.logits * 20, answers.points)
    softer, plain = calibrate._temperature([sure]), calibrate._temperature([answers])
    assert softer > 5 * plain


def test_a_rated_point_shares_out_the_emotions_near_it(load):
    table = load("table")
    for emotion, anchor in zip(EMOTIONS, table.ANCHOR_POINTS, strict=True):
        shares = table._near(anchor)
        assert shares.sum() == pytest.approx(1)
        assert EMOTIONS[int(shares.argmax())] == emotion
