"""A fitted classifier: its scores, its tuning within the training side, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from moodprint.errors import MissingExtraError, OptionError
from moodprint.evaluation import softmax
from moodprint.models.classifiers import family as family_module
from moodprint.models.classifiers import fit as fit_module
from moodprint.models.classifiers.fit import Classifier, fit, tuned
from moodprint.models.classifiers.table import family


class Margins:
    """An estimator that knows margins alone, as support vectors do."""

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def decision_function(self, rows: np.ndarray) -> np.ndarray:
        return rows[:, 0] if self.classes == 2 else rows[:, : self.classes]


class Sure:
    """An estimator whose probabilities are 0 and 1, as a tree's are."""

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return np.stack([rows[:, 0] > 0, rows[:, 0] <= 0], axis=1).astype(float)


def test_one_margin_of_two_classes_becomes_two_that_differ_by_it() -> None:
    scores = Classifier(Margins(2), (0, 1), 2).scores([[3.0], [-1.0]])
    np.testing.assert_allclose(scores[:, 1] - scores[:, 0], [3.0, -1.0])
    np.testing.assert_allclose(scores.sum(axis=1), 0.0)


def test_margins_of_more_classes_are_scores_as_they_are() -> None:
    rows = np.array([[1.0, 2.0, -1.0]])
    np.testing.assert_array_equal(Classifier(Margins(3), (0, 1, 2), 3).scores(rows), rows)


def test_a_probability_of_zero_has_a_finite_score() -> None:
    scores = Classifier(Sure(), (1, 2), 4).scores([[1.0], [-1.0]])
    assert np.isfinite(scores).all()
    np.testing.assert_allclose(np.exp(scores[:, 1:3]), [[1, 0], [0, 1]], atol=1e-9)
    assert Classifier(Sure(), (1, 2), 4).predict([[1.0], [-1.0]]).tolist() == [1, 2]


def test_no_rows_give_no_scores() -> None:
    assert Classifier(Margins(3), (0, 1, 2), 3).scores(np.zeros((0, 3))).shape == (0, 3)


def test_tuning_looks_at_whole_groups_and_keeps_the_default_among_equals() -> None:
    values, labels = np.eye(60, 6), np.arange(60) % 3
    assert tuned(family("dummy"), values, labels, np.arange(60), 3) == {}
    assert tuned(family("nearest"), values, labels, np.zeros(60), 3) == {"n_neighbors": 15}


@pytest.mark.parametrize(
    ("labels", "value", "said"), [([0, 0], 1.0, "at least 2 classes"), ([0, 1], np.nan, "finite")]
)
def test_what_cannot_be_learned_is_refused(labels, value, said) -> None:
    with pytest.raises(OptionError, match=said):
        fit(family("ridge"), np.full((2, 3), value), labels, 2)


def test_a_missing_package_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(family_module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[study\]"):
        fit(family("ridge"), [[0.0], [1.0]], [0, 1], 2)


def test_tuning_chooses_the_setting_that_does_best_on_held_out_groups() -> None:
    """Two columns of noise beside the one that counts: one neighbour follows the noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=240)
    values = rng.normal(size=(240, 3)) + 1.5 * labels[:, None] * [1, 0, 0]
    few, many = {"n_neighbors": 1}, {"n_neighbors": 25}
    nearest = replace(family("nearest"), grid={"n_neighbors": (1, 25)})
    assert nearest.candidates() == [few, many]
    assert tuned(nearest, values, labels, np.arange(240), 2) == many


def test_tuning_never_tests_on_a_group_that_it_learned_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = np.repeat(np.arange(12), 5)
    values = groups[:, None].astype(float)
    learned_from: list[set[int]] = []

    class Spy:
        def __init__(self, trained: set[int]) -> None:
            self.trained = trained

        def predict(self, rows: np.ndarray) -> np.ndarray:
            learned_from.append(self.trained & set(rows[:, 0]))
            return np.zeros(len(rows), int)

    monkeypatch.setattr(
        fit_module, "fit", lambda _family, rows, *_args, **_options: Spy(set(rows[:, 0]))
    )
    tuned(family("ridge"), values, np.arange(60) % 2, groups, 2)
    assert len(learned_from) == 9, "three settings on three folds"
    assert all(both == set() for both in learned_from)


@pytest.mark.parametrize("name", ["logistic", "lda", "naive_bayes", "nearest"])
def test_probabilities_are_those_of_the_estimator(name: str) -> None:
    rng = np.random.default_rng(1)
    values, labels = rng.normal(size=(90, 4)), np.arange(90) % 3
    found = fit(family(name), values, labels, 3)
    expected = found.estimator.predict_proba(values)
    np.testing.assert_allclose(softmax(found.scores(values)), expected, atol=1e-6)


def test_the_unit_of_a_column_does_not_matter_to_a_scaled_family() -> None:
    rng = np.random.default_rng(2)
    values, labels = rng.normal(size=(60, 3)), np.arange(60) % 2
    units = np.array([1e-3, 1.0, 1e4])
    first = fit(family("logistic"), values, labels, 2).scores(values)
    second = fit(family("logistic"), values * units + 7, labels, 2).scores(values * units + 7)
    np.testing.assert_allclose(first, second, atol=1e-4)
