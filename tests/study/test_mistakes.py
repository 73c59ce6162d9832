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


def test_a_confused_pair_is_told_with_what_differs():
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
