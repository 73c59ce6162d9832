import warnings

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from moodprint.errors import OptionError
from moodprint.evaluation import fit_temperature, log_softmax, softmax

SCORES = arrays(
    np.float64, array_shapes(min_dims=1, max_dims=3, min_side=1), elements=st.floats(-1e6, 1e6)
)


def test_the_odds_of_two_scores_are_e_to_their_difference():
    first, second = softmax(np.array([1.0, 0.0]))
    assert first / second == pytest.approx(np.e)
    assert softmax(np.log([1.0, 2.0, 5.0])).tolist() == pytest.approx([0.125, 0.25, 0.625])


@given(SCORES)
def test_each_row_is_a_distribution_and_equals_scipys(scores):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        own, logs = softmax(scores), log_softmax(scores)
    assert (own >= 0).all()
    np.testing.assert_allclose(own.sum(axis=-1), 1)
    np.testing.assert_allclose(own, scipy.special.softmax(scores, axis=-1))
    np.testing.assert_allclose(logs, scipy.special.log_softmax(scores, axis=-1))


@given(SCORES, st.integers(0, 99))
def test_the_order_of_classes_does_not_matter(scores, seed):
    order = np.random.default_rng(seed).permutation(scores.shape[-1])
    np.testing.assert_allclose(softmax(scores[..., order]), softmax(scores)[..., order])


@given(SCORES, st.floats(-1e3, 1e3))
def test_what_is_added_to_all_scores_does_not_matter(scores, offset):
    np.testing.assert_allclose(softmax(scores + offset), softmax(scores), atol=1e-9)


def test_scores_are_divided_by_the_temperature():
    scores = np.array([[3.0, -1.0, 0.5]])
    np.testing.assert_allclose(softmax(scores, 2.0), softmax(scores / 2))
    np.testing.assert_allclose(log_softmax(scores, 0.5), np.log(softmax(scores * 2)))
    assert softmax(scores, 1e9) == pytest.approx(1 / 3)
    assert softmax(scores, 1e-3).tolist() == [[1.0, 0.0, 0.0]]


def test_scores_of_any_size_stay_finite():
    np.testing.assert_array_equal(softmax(np.array([8e307, -8e307])), [1, 0])
    assert log_softmax(np.array([0.0, -5000.0])).tolist() == [0.0, -5000.0]
    assert softmax(np.array([-np.inf, 0.0, 0.0])).tolist() == [0.0, 0.5, 0.5]


def test_single_precision_stays_single_and_whole_numbers_become_double():
    for temperature in (1.0, np.float64(2.0)):
        assert softmax(np.zeros((2, 3), np.float32), temperature).dtype == np.float32
        assert log_softmax(np.zeros((2, 3), np.float32), temperature).dtype == np.float32
    assert softmax(np.zeros(2, int)).dtype == np.float64


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_is_none_is_refused(temperature):
    for function in (softmax, log_softmax):
        with pytest.raises(OptionError, match="a temperature is above 0, not"):
            function(np.zeros(3), temperature)


@pytest.mark.parametrize("temperature", [0.25, 1.0, 4.0])
def test_the_temperature_that_drew_the_labels_is_found(temperature):
    rng = np.random.default_rng(0)
    scores = 5 * rng.normal(size=(4000, 4))
    drawn = rng.random((4000, 1))
    truth = (softmax(scores, temperature).cumsum(axis=1) > drawn).argmax(axis=1)
    assert fit_temperature(truth, scores) == pytest.approx(temperature, rel=0.06)


def test_scaling_the_scores_scales_the_temperature():
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(200, 3))
    truth = (scores + rng.normal(size=(200, 3))).argmax(axis=1)
    once = fit_temperature(truth, scores)
    assert fit_temperature(truth, 7 * scores) == pytest.approx(7 * once, rel=1e-3)


def test_no_neighbouring_temperature_is_likelier():
    rng = np.random.default_rng(2)
    scores = 3 * rng.normal(size=(100, 5))
    truth = (scores + 4 * rng.normal(size=(100, 5))).argmax(axis=1)
    best = fit_temperature(truth, scores)

    def loss(temperature):
        return -log_softmax(scores, temperature)[np.arange(100), truth].mean()

    assert loss(best) < min(loss(best * 1.02), loss(best / 1.02))


def test_one_sure_mistake_does_not_decide():
    scores = np.array([[8.0, 0.0]] * 99 + [[0.0, 1e9]])
    assert fit_temperature([0] * 100, scores) < 3


@pytest.mark.parametrize(
    ("truth", "scores", "why"),
    [
        ([], np.zeros((0, 3)), "at least 1 value"),
        ([0, 3], np.zeros((2, 3)), "classes 0 to 2"),
        ([0], np.zeros((2, 3)), "differ"),
        ([0, 1], np.zeros(2), r"\[N, K\], not \[2\]"),
        ([0], [[0.0, np.nan]], "finite"),
    ],
)
def test_what_cannot_be_fitted_is_refused(truth, scores, why):
    with pytest.raises(OptionError, match=why):
        fit_temperature(truth, scores)
