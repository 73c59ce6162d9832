"""A fitted classifier: its scores, its tuning within the training side, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.errors import MissingExtraError, OptionError
from moodprint.models.classifiers import family as family_module
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


def test_tuning_leaves_a_setting_that_fails() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(90, 2))
    labels = (values[:, 0] > 0).astype(int)
    shallow = tuned(family("decision_tree"), values, labels, np.arange(90), 2)
    assert shallow["max_depth"] in (3, 5, 10)


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
