import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as peer

from moodprint.errors import OptionError
from moodprint.evaluation import metrics

TRUTH = [0, 0, 0, 0, 1, 1, 2, 2, 2, 4]
PREDICTED = [0, 0, 0, 1, 1, 0, 2, 2, 0, 4]

pairs = st.integers(2, 60).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
    )
)
numbers = st.integers(2, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(-9, 9), min_size=n, max_size=n),
        st.lists(st.integers(-9, 9), min_size=n, max_size=n),
    )
)


def test_confusion_counts_true_classes_in_rows():
    counts = metrics.confusion_matrix(TRUTH, PREDICTED, 5)
    assert counts.tolist() == [
        [3, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 0, 2, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
    ]


def test_an_absent_class_has_no_recall_and_does_not_count():
    recall = metrics.per_class_recall(TRUTH, PREDICTED, 5)
    np.testing.assert_allclose(recall, [3 / 4, 1 / 2, 2 / 3, np.nan, 1])
    assert metrics.uar(TRUTH, PREDICTED) == pytest.approx((3 / 4 + 1 / 2 + 2 / 3 + 1) / 4)


def test_a_class_only_ever_predicted_lowers_macro_f1():
    assert metrics.macro_f1([0, 0, 0], [0, 0, 1]) == pytest.approx((0.8 + 0) / 2)


@given(pairs)
def test_scores_equal_those_of_scikit_learn(pair):
    truth, predicted = pair
    present = np.unique(truth)
    recall = peer.recall_score(truth, predicted, labels=present, average="macro", zero_division=0)
    assert metrics.uar(truth, predicted) == pytest.approx(recall)
    for average, ours in (("macro", metrics.macro_f1), ("weighted", metrics.weighted_f1)):
        theirs = peer.f1_score(truth, predicted, average=average, zero_division=0)
        assert ours(truth, predicted) == pytest.approx(theirs)
    assert metrics.accuracy(truth, predicted) == pytest.approx(
        peer.accuracy_score(truth, predicted)
    )
    theirs = peer.confusion_matrix(truth, predicted, labels=range(5))
    assert metrics.confusion_matrix(truth, predicted, 5).tolist() == theirs.tolist()


@given(pairs)
def test_perfect_predictions_score_one(pair):
    truth, _ = pair
    for metric in (metrics.uar, metrics.macro_f1, metrics.weighted_f1, metrics.accuracy):
        assert metric(truth, truth) == pytest.approx(1)


@given(numbers)
def test_spearman_equals_that_of_scipy(pair):
    truth, predicted = pair
    if len(set(truth)) == 1 or len(set(predicted)) == 1:
        assert np.isnan(metrics.spearman(truth, predicted))
    else:
        theirs = stats.spearmanr(truth, predicted).statistic
        assert metrics.spearman(truth, predicted) == pytest.approx(theirs, abs=1e-9)


@given(numbers)
def test_concordance_follows_lin_and_never_exceeds_pearson(pair):
    truth, predicted = map(np.asarray, pair)
    spread = truth.var() + predicted.var() + (truth.mean() - predicted.mean()) ** 2
    if spread == 0:
        assert np.isnan(metrics.ccc(truth, predicted))
        return
    covariance = np.cov(truth, predicted, bias=True)[0, 1]
    assert metrics.ccc(truth, predicted) == pytest.approx(2 * covariance / spread, abs=1e-9)
    if truth.std() > 0 and predicted.std() > 0:
        pearson = np.corrcoef(truth, predicted)[0, 1]
        assert abs(metrics.ccc(truth, predicted)) <= abs(pearson) + 1e-9


def test_concordance_punishes_a_shift_that_correlation_forgives():
    truth = np.array([0.0, 1.0, 2.0])
    assert metrics.ccc(truth, truth) == 1
    assert metrics.ccc(truth, truth + 1) == pytest.approx(4 / 7)
    assert metrics.spearman(truth, truth + 1) == pytest.approx(1)


@pytest.mark.parametrize("metric", [metrics.uar, metrics.macro_f1, metrics.confusion_matrix])
def test_bad_arrays_are_refused(metric):
    with pytest.raises(OptionError):
        metric([], [])
    with pytest.raises(OptionError):
        metric([0, 1], [0])
