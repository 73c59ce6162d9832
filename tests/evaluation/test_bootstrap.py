import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.errors import OptionError
from moodprint.evaluation import accuracy, group_bootstrap
from moodprint.evaluation.bootstrap import rows_by_group


def test_rows_are_found_by_group():
    rows = rows_by_group(["b", "a", "b", "c", "a"])
    assert [each.tolist() for each in rows] == [[1, 4], [0, 2], [3]]


@settings(max_examples=20)
@given(st.integers(0, 99), st.integers(2, 30))
def test_bounds_hold_the_value_and_repeat_with_the_seed(seed, count):
    rng = np.random.default_rng(seed)
    truth, predicted = rng.integers(3, size=(2, count))
    groups = rng.integers(5, size=count)
    once = group_bootstrap(accuracy, groups, truth, predicted, resamples=50, seed=seed)
    again = group_bootstrap(accuracy, groups, truth, predicted, resamples=50, seed=seed)
    assert once == again
    assert 0 <= once.low <= once.high <= 1
    assert once.value == accuracy(truth, predicted)


def test_the_interval_of_a_mean_is_that_of_theory():
    values = np.random.default_rng(1).normal(size=400)
    found = group_bootstrap(np.mean, np.arange(400), values, resamples=2000)
    half = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - half, abs=0.012)
    assert found.high == pytest.approx(values.mean() + half, abs=0.012)


def test_clips_that_repeat_their_group_make_the_interval_no_narrower():
    values = np.random.default_rng(2).normal(size=40)
    alone = group_bootstrap(np.mean, np.arange(40), values)
    tenfold = group_bootstrap(np.mean, np.repeat(np.arange(40), 10), np.repeat(values, 10))
    assert (tenfold.low, tenfold.high) == pytest.approx((alone.low, alone.high))


def test_a_single_group_has_no_spread():
    found = group_bootstrap(np.mean, ["one"] * 3, [1.0, 2.0, 3.0], resamples=10)
    assert (found.low, found.value, found.high) == (2, 2, 2)
    assert str(found) == "2.000 [2.000, 2.000]"


def test_draws_without_an_answer_are_left_out():
    found = group_bootstrap(lambda v: float("nan"), ["a", "b"], [1.0, 2.0], resamples=5)
    assert np.isnan([found.value, found.low, found.high]).all()


@pytest.mark.parametrize(
    ("groups", "arrays", "options", "said"),
    [
        (["a"], [[1, 2]], {}, "groups 1, array 1 2"),
        ([], [[]], {}, "at least one row"),
        (["a"], [], {}, "at least one array"),
        (["a"], [[1]], {"resamples": 0}, "resamples >= 1"),
        (["a"], [[1]], {"level": 1.0}, "level in"),
    ],
)
def test_what_makes_no_sense_is_refused(groups, arrays, options, said):
    with pytest.raises(OptionError, match=said):
        group_bootstrap(np.mean, groups, *arrays, **options)
