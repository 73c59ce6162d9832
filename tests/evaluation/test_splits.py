import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from moodprint.errors import OptionError
from moodprint.evaluation import splits

SIZE = 60


def _corpus(seed, fewest=6, most=30):
    rng = np.random.default_rng(seed)
    count = rng.integers(fewest, most + 1)
    of = np.concatenate([np.arange(count), rng.integers(count, size=SIZE)])
    # Groups lean to a class, as artists do.
    leaning = rng.integers(4, size=count)
    labels = np.where(rng.random(len(of)) < 0.8, leaning[of], rng.integers(4, size=len(of)))
    return labels, of


def corpora(fewest=6, most=30):
    return st.integers(0, 9999).map(lambda seed: _corpus(seed, fewest, most))


def _miss(labels, folds):
    """The squared miss of class shares, summed over folds: what an even split makes small."""
    counts = np.array([np.bincount(labels[fold.test], minlength=4) for fold in folds])
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    return ((shares - 1 / len(folds)) ** 2).sum()


@given(corpora(), st.integers(2, 6), st.integers(0, 99))
def test_folds_partition_the_rows_and_keep_groups_whole(corpus, count, seed):
    labels, groups = corpus
    folds = splits.stratified_group_folds(labels, groups, count, seed)
    tested = np.concatenate([fold.test for fold in folds])
    assert sorted(tested) == list(range(len(labels)))
    for fold in folds:
        assert len(fold.test)
        assert sorted([*fold.train, *fold.test]) == list(range(len(labels)))
        assert not set(groups[fold.train]) & set(groups[fold.test])


@given(corpora(), st.integers(2, 5), st.integers(0, 99))
def test_the_seed_alone_decides(corpus, count, seed):
    first, second = (splits.stratified_group_folds(*corpus, count, seed) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.test, b.test)


def test_classes_are_spread_more_evenly_than_by_scikit_learn():
    differences = []
    for seed in range(40):
        labels, groups = _corpus(seed)
        ours = splits.stratified_group_folds(labels, groups, 4)
        peer = StratifiedGroupKFold(4, shuffle=True, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Classes smaller than 4.
            theirs = [splits.Fold(*pair) for pair in peer.split(labels, labels, groups)]
        differences.append(_miss(labels, ours) - _miss(labels, theirs))
    assert np.mean(differences) < -0.01
    assert max(differences) < 0.02


def test_two_sides_are_almost_always_the_best_that_exist():
    differences = []
    for seed in range(30):
        labels, groups = _corpus(seed, 4, 8)
        found = _miss(labels, splits.stratified_group_folds(labels, groups, 2))
        differences.append(found - _least_miss(labels, groups))
    assert np.median(differences) < 1e-9
    assert max(differences) < 0.1


def _least_miss(labels, groups):
    """By trying every way to deal the groups to two sides."""
    best = np.inf
    for chosen in itertools.product([True, False], repeat=int(groups.max())):
        test = np.isin(groups, np.flatnonzero([True, *chosen]))
        if not test.all():
            sides = [splits.Fold(np.flatnonzero(~s), np.flatnonzero(s)) for s in (test, ~test)]
            best = min(best, _miss(labels, sides))
    return best


@given(st.lists(st.integers(0, 3), min_size=10, max_size=60), st.integers(2, 5))
def test_single_clips_as_groups_differ_by_one_at_most(labels, count):
    folds = splits.stratified_group_folds(labels, np.arange(len(labels)), count)
    counts = np.array([np.bincount(np.array(labels)[fold.test], minlength=4) for fold in folds])
    assert np.ptp(counts, axis=0).max() <= 1


@given(corpora(20, 60), st.sampled_from([0.1, 0.2, 0.5]), st.integers(0, 9))
def test_the_holdout_takes_its_share_of_each_class(corpus, share, seed):
    labels, groups = corpus
    fold = splits.group_holdout(labels, groups, share, seed)
    assert sorted([*fold.train, *fold.test]) == list(range(len(labels)))
    assert not set(groups[fold.train]) & set(groups[fold.test])
    largest = np.bincount(groups).max()
    for label in range(4):
        wanted = share * (labels == label).sum()
        assert abs((labels[fold.test] == label).sum() - wanted) <= largest


def test_the_holdout_has_both_sides_however_large_a_group():
    fold = splits.group_holdout([0, 0, 0, 0, 1, 1], ["a"] * 3 + ["b"] * 3, 0.05)
    assert len(fold.train) == 3
    assert len(fold.test) == 3


def test_labels_and_groups_may_be_names():
    fold = splits.group_holdout(["sad", "sad", "calm", "calm"], ["x", "y", "z", "w"], 0.5)
    assert len(fold.test) == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: splits.stratified_group_folds([0, 1], [0, 1], 1), "at least 2 folds"),
        (
            lambda: splits.stratified_group_folds([0, 1], [0, 0], 2),
            "1 groups cannot be parted in 2",
        ),
        (lambda: splits.stratified_group_folds([0, 1], [0], 2), "labels 2, groups 1"),
        (lambda: splits.stratified_group_folds([], [], 2), "at least one row"),
        (lambda: splits.group_holdout([0, 1], [0, 1], 1.0), r"lies in \(0, 1\)"),
        (lambda: splits.leave_one_corpus_out(["4q", "4q"]), "at least 2 corpora"),
    ],
)
def test_what_cannot_be_split_is_refused(call, said):
    with pytest.raises(OptionError, match=said):
        call()


def test_each_corpus_is_left_out_once():
    folds = splits.leave_one_corpus_out(["b", "a", "b", "c"])
    assert list(folds) == ["a", "b", "c"]
    assert folds["b"].test.tolist() == [0, 2]
    assert folds["b"].train.tolist() == [1, 3]
