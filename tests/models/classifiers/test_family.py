"""How a family makes its estimator, and what it says where it cannot."""

from __future__ import annotations

import pytest

from moodprint.errors import MissingExtraError
from moodprint.models.classifiers import family as family_module
from moodprint.models.classifiers.family import Balance, Family

NEAREST = Family(
    name="nearest",
    kind="neighbours",
    estimator="sklearn.neighbors:KNeighborsClassifier",
    arguments={"weights": "distance", "p": 1},
    grid={"n_neighbors": (5, 1), "p": (2, 3)},
)
BAYES = Family(
    name="bayes",
    kind="bayes",
    estimator="sklearn.naive_bayes:GaussianNB",
    is_scaled=False,
    balance=Balance.EVEN_PRIORS,
)


def test_the_first_value_of_the_grid_is_the_default_and_settings_go_before_it() -> None:
    assert NEAREST.make(3, 0).named_steps["model"].get_params()["n_neighbors"] == 5
    chosen = NEAREST.make(3, 0, {"n_neighbors": 1}).named_steps["model"].get_params()
    assert (chosen["n_neighbors"], chosen["weights"], chosen["p"]) == (1, "distance", 2)


def test_candidates_are_all_of_the_grid_with_the_defaults_first() -> None:
    assert NEAREST.candidates() == [
        {"n_neighbors": 5, "p": 2},
        {"n_neighbors": 5, "p": 3},
        {"n_neighbors": 1, "p": 2},
        {"n_neighbors": 1, "p": 3},
    ]


def test_without_a_grid_there_is_one_candidate() -> None:
    assert BAYES.candidates() == [{}]


@pytest.mark.parametrize("classes", [2, 5])
def test_even_priors_are_alike_for_every_class(classes: int) -> None:
    assert BAYES.make(classes, 0).priors == [1 / classes] * classes


def test_columns_are_scaled_before_where_the_family_says_so() -> None:
    assert list(NEAREST.make(3, 0).named_steps) == ["scale", "model"]
    assert type(BAYES.make(3, 0)).__name__ == "GaussianNB"


@pytest.mark.parametrize(
    ("estimator", "missing"),
    [("sklearn.svm:SVC", "sklearn"), ("xgboost:XGBClassifier", "xgboost")],
)
def test_a_missing_package_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, estimator: str, missing: str
) -> None:
    found = Family(name="one", kind="any", estimator=estimator)
    monkeypatch.setattr(
        family_module, "find_spec", lambda name: None if name == missing else object()
    )
    with pytest.raises(MissingExtraError, match=rf"'{missing}'.*\[study\]"):
        found.check()


def test_families_are_values() -> None:
    assert Family(name="a", kind="b", estimator="c:D") == Family("a", "b", "c:D")
