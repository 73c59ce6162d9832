import numpy as np
import pytest

from moodprint.evaluation.probabilities import softmax
from moodprint.study.offset_regression import RIDGES, OffsetRegression, log_loss


@pytest.fixture
def separable():
    rng = np.random.default_rng(0)
    truth = np.arange(80) % 4
    embedding = rng.normal(size=(80, 6)) + 3 * np.eye(6)[truth]
    return OffsetRegression(np.zeros((80, 4)), embedding, truth, np.arange(80) % 16)


def test_held_hard_nothing_moves_and_held_loosely_the_truth_is_found(separable):
    everything = np.arange(80)
    hard = separable.head(everything, 1e9)
    loose = separable.head(everything, 1e-3)
    assert np.abs(hard.weight).max() < 1e-6
    said = softmax(separable.embedding @ loose.weight + loose.bias, 1.0)
    assert (said.argmax(axis=1) == separable.truth).mean() > 0.9


def test_the_slope_is_that_of_the_loss(separable):
    """At the minimum no small step is better."""
    chosen, ridge = np.arange(80), 0.1
    found = separable.head(chosen, ridge)
    rng = np.random.default_rng(1)
    mean, scale = separable._scaling(chosen)

    def loss(weight, bias):
        x = separable.embedding
        said = softmax(x @ weight + bias, 1.0)
        scaled, middle = weight * scale[:, None], bias + mean @ weight
        held = ridge * float((scaled**2).sum() + (middle**2).sum())
        return log_loss(said, separable.truth) + held

    best = loss(found.weight, found.bias)
    for _ in range(20):
        step = rng.normal(0, 0.01, found.weight.shape)
        assert loss(found.weight + step, found.bias - mean @ step) >= best - 1e-6


def test_groups_left_out_choose_how_far_it_moves(separable):
    assert separable.best_ridge(np.arange(80)) < max(RIDGES)
    left_out = separable.left_out()
    assert left_out.shape == (80, 4)
    np.testing.assert_allclose(left_out.sum(axis=1), 1, atol=1e-6)
    assert (left_out.argmax(axis=1) == separable.truth).mean() > 0.8


def test_log_loss_of_what_is_certain_and_right_is_nothing():
    assert log_loss(np.eye(3), np.arange(3)) == pytest.approx(0)
    assert log_loss(np.full((2, 4), 0.25), np.array([0, 3])) == pytest.approx(np.log(4))
