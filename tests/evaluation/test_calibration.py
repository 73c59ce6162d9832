import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as peer

from moodprint.bundle import Calibration, ReliabilityBand
from moodprint.errors import OptionError
from moodprint.evaluation import calibration

TRUTH = [0, 1, 1, 0]
TABLE = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.6, 0.4]]


def _drawn(seed: int, rows: int, classes: int = 4):
    rng = np.random.default_rng(seed)
    return rng.integers(classes, size=rows), rng.dirichlet(np.ones(classes), size=rows)


def test_brier_of_a_sure_truth_a_sure_lie_and_a_flat_guess():
    assert calibration.brier([0], [[1.0, 0.0]]) == 0
    assert calibration.brier([1], [[1.0, 0.0]]) == 2
    assert calibration.brier([1], [[0.2] * 5]) == pytest.approx(0.8)


@given(st.integers(0, 999), st.integers(1, 50))
def test_brier_equals_that_of_scikit_learn(seed, rows):
    truth, table = _drawn(seed, rows)
    theirs = peer.brier_score_loss(truth, table, labels=range(4), scale_by_half=False)
    assert calibration.brier(truth, table) == pytest.approx(theirs)


def test_calibration_error_by_hand():
    # Two bins over [0, 1]: all four confidences fall in the upper one, 3 of 4 are right.
    assert calibration.expected_calibration_error(TRUTH, TABLE, bins=2) == pytest.approx(0)
    # Ten bins: 0.9 and 0.8 and 0.6 are right, 0.7 is wrong.
    expected = (0.1 + 0.2 + 0.7 + 0.4) / 4
    assert calibration.expected_calibration_error(TRUTH, TABLE, bins=10) == pytest.approx(expected)


def test_adaptive_bins_hold_equally_many():
    truth, table = _drawn(3, 90)
    bins = calibration.reliability(truth, table, bins=9, adaptive=True)
    np.testing.assert_allclose(bins.share, 1 / 9)
    assert (np.diff(bins.confidence) > 0).all()


@given(st.integers(0, 999), st.integers(1, 80), st.integers(1, 20), st.booleans())
def test_bins_keep_the_means_of_the_whole(seed, rows, count, adaptive):
    truth, table = _drawn(seed, rows)
    bins = calibration.reliability(truth, table, bins=count, adaptive=adaptive)
    assert bins.share.sum() == pytest.approx(1)
    assert bins.share @ bins.confidence == pytest.approx(table.max(axis=1).mean())
    assert bins.share @ bins.accuracy == pytest.approx((table.argmax(axis=1) == truth).mean())
    assert 0 <= bins.error <= 1


def test_a_calibrated_guesser_has_a_small_error():
    rng = np.random.default_rng(0)
    table = rng.dirichlet(np.ones(3), size=20_000)
    truth = (table.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert calibration.expected_calibration_error(truth, table) < 0.015
    sharper = table**2 / (table**2).sum(axis=1, keepdims=True)
    assert calibration.expected_calibration_error(truth, sharper) > 0.1


def test_risk_grows_with_coverage_by_hand():
    curve = calibration.risk_coverage(TRUTH, TABLE)
    np.testing.assert_allclose(curve.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curve.risk, [0, 0, 1 / 3, 1 / 4])
    assert curve.area == pytest.approx((1 / 3 + 1 / 4) / 4)
    assert curve.risk_at(0.5) == 0
    assert curve.risk_at(1) == pytest.approx(0.25)


@given(st.permutations(range(6)))
def test_ties_in_confidence_do_not_depend_on_the_order(order):
    truth = np.array([0, 0, 0, 1, 1, 0])[order]
    table = np.array([[0.8, 0.2]] * 4 + [[0.6, 0.4]] * 2)[order]
    curve = calibration.risk_coverage(truth, table)
    np.testing.assert_allclose(curve.risk, [0.25] * 4 + [1.5 / 5, 2 / 6])


@pytest.mark.parametrize("coverage", [0, -1, 1.1])
def test_impossible_coverage_is_refused(coverage):
    with pytest.raises(OptionError, match="coverage"):
        calibration.risk_coverage(TRUTH, TABLE).risk_at(coverage)


def test_no_bins_are_refused():
    with pytest.raises(OptionError, match="at least 1 bin"):
        calibration.reliability(TRUTH, TABLE, bins=0)


def test_answers_are_credible_from_where_half_are_right():
    confidence = np.linspace(0.51, 0.99, 100)
    table = np.stack([confidence, 1 - confidence], axis=1)
    truth = np.where(np.arange(100) >= 40, 0, 1)
    edge = calibration.credible_from(truth, table)
    assert edge == pytest.approx(confidence[78])
    below = confidence <= edge
    assert (truth[below] == 0).mean() < 0.5


def test_where_most_are_right_or_few_were_asked_all_are_credible():
    table = np.tile([0.6, 0.4], (100, 1))
    assert calibration.credible_from(np.zeros(100, int), table) == 0
    assert calibration.credible_from(np.ones(19, int), table[:19]) == 0
    assert calibration.credible_from(np.ones(20, int), table[:20]) == 0.6


def test_right_by_confidence_counts_each_band():
    confidence = [0.1] * 20 + [0.45] * 20 + [0.9] * 20
    right = [n < 4 for n in range(20)] + [n < 10 for n in range(20)] + [n < 18 for n in range(20)]
    bands = calibration.right_by_confidence(confidence, right, [0.4, 0.7])
    assert bands == (
        ReliabilityBand(0.0, 0.2, 20),
        ReliabilityBand(0.4, 0.5, 20),
        ReliabilityBand(0.7, 0.9, 20),
    )


def test_small_bands_and_such_as_fall_are_joined_to_the_one_below():
    confidence = [0.1] * 20 + [0.45] * 20 + [0.9] * 3
    right = [True] * 10 + [False] * 10 + [True] * 5 + [False] * 15 + [True] * 3
    assert calibration.right_by_confidence(confidence, right, [0.4, 0.7]) == (
        ReliabilityBand(0.0, pytest.approx(18 / 43), 43),
    )


@given(
    answers=st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80),
    edges=st.lists(st.floats(0.01, 0.99), unique=True, max_size=5).map(sorted),
)
def test_bands_rise_and_keep_all_answers(answers, edges):
    confidence, right = ([each[n] for each in answers] for n in (0, 1))
    bands = calibration.right_by_confidence(confidence, right, edges, fewest=5)
    Calibration(1.0, 0.3, bands)  # a card takes them
    assert sum(band.answers for band in bands) == len(answers)
    assert sum(band.answers * band.right for band in bands) == pytest.approx(sum(right))
    shares = [band.right for band in bands]
    assert shares == sorted(shares)
