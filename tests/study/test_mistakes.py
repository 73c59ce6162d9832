import numpy as np
import pytest

from moodprint.evaluation import HeldOutScores
from moodprint.study.mistakes import confusions, surest_mistakes

LABELS = ("calm", "sad")


def _held_out(truth, scores):
    places = np.arange(len(truth))
    return HeldOutScores(np.array(truth), np.array(scores, float), places, places)


def test_the_surest_mistakes_come_first_one_a_song(sample):
    held_out = _held_out([0, 0, 1, 1], [[3, 0], [0, 1], [2, 0], [4, 0]])
    samples = [
        sample("right", "calm"),
        sample("a little wrong", "calm"),
        sample("wrong", "sad", song="s"),
        sample("very wrong", "sad", song="s"),
    ]
    found = surest_mistakes(held_out, samples, LABELS, temperature=1.0)
    assert [each.sample.id for each in found] == ["very wrong", "a little wrong"]
    assert found[0].taken_for == "calm"
    assert found[0].confidence == pytest.approx(1 / (1 + np.exp(-4)))
    assert len(surest_mistakes(held_out, samples, LABELS, 1.0, most=1)) == 1


def test_a_confused_pair_comes_with_what_differs():
    truth = [0] * 10 + [1] * 4
    taken = [0] * 6 + [1] * 4 + [1] * 4
    scores = np.eye(2)[taken]
    rng = np.random.default_rng(0)
    values = rng.normal(size=(14, 3)).astype(np.float32)
    values[6:10, 1] += 9
    (pair,) = confusions(_held_out(truth, scores), values, ("a", "b", "c"), LABELS)
    assert (pair.truth, pair.taken_for, pair.count, pair.share) == ("calm", "sad", 4, 0.4)
    assert pair.differences[0].column == "b"
    assert pair.differences[0].effect > 3


def test_too_few_samples_say_nothing_of_differences():
    pairs = confusions(
        _held_out([0, 0, 1], [[0, 1], [1, 0], [0, 1]]), np.zeros((3, 1), np.float32), ("a",), LABELS
    )
    assert [pair.differences for pair in pairs] == [()]


def test_a_perfect_model_confuses_nothing(sample):
    held_out = _held_out([0, 1], [[1, 0], [0, 1]])
    assert confusions(held_out, np.zeros((2, 1), np.float32), ("a",), LABELS) == []
    assert surest_mistakes(held_out, [sample("a"), sample("b")], LABELS, 1.0) == []


def test_the_temperature_makes_confidence_smaller_and_changes_no_order(sample):
    held_out = _held_out([0, 0], [[0, 1], [0, 4]])
    samples = [sample("a", "calm"), sample("b", "calm")]
    cold, hot = (surest_mistakes(held_out, samples, LABELS, each) for each in (1.0, 5.0))
    assert [each.sample.id for each in cold] == [each.sample.id for each in hot] == ["b", "a"]
    assert all(c.confidence > h.confidence > 0.5 for c, h in zip(cold, hot, strict=True))


def test_pairs_are_ranked_by_their_share_of_the_true_class_and_not_by_their_number():
    truth = np.repeat([0, 1, 2], [10, 4, 4])
    predicted = [1] * 3 + [0] * 7 + [2] * 2 + [1] * 2 + [2] * 4
    held_out = _held_out(truth, np.eye(3)[predicted])
    found = confusions(held_out, np.zeros((18, 1), np.float32), ("a",), ("calm", "sad", "fear"))
    assert [(each.truth, each.taken_for, each.count, each.share) for each in found] == [
        ("sad", "fear", 2, 0.5),
        ("calm", "sad", 3, 0.3),
    ]
    (first,) = confusions(
        held_out, np.zeros((18, 1), np.float32), ("a",), ("calm", "sad", "fear"), most=1
    )
    assert first == found[0]


def test_a_column_that_never_changes_says_nothing_of_a_difference():
    truth, predicted = [0] * 8, [0] * 4 + [1] * 4
    values = np.tile(np.array([[7.0, 0.0]], np.float32), (8, 1))
    values[4:, 1] = [1, 2, 1, 2]
    (pair,) = confusions(
        _held_out(truth, np.eye(2)[predicted]), values, ("constant", "other"), LABELS
    )
    effects = {each.column: each.effect for each in pair.differences}
    assert effects["constant"] == 0
    assert effects["other"] > 0
    assert [each.column for each in pair.differences] == ["other", "constant"]


def test_an_effect_is_in_standard_deviations():
    """Means of 1 and 0, both with a standard deviation of 1 (Cohen's d is 1)."""
    truth, predicted = [0] * 8, [0] * 4 + [1] * 4
    values = np.array([-1, 1, -1, 1, 0, 2, 0, 2], np.float32)[:, None]
    (pair,) = confusions(_held_out(truth, np.eye(2)[predicted]), values, ("a",), LABELS)
    assert pair.differences[0].effect == pytest.approx(1)
