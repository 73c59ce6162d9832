"""The contract of every family, a case a member."""

from __future__ import annotations

import numpy as np
import pytest

from moodprint.errors import OptionError
from moodprint.evaluation import uar
from moodprint.models.classifiers.family import Balance, Family
from moodprint.models.classifiers.fit import ABSENT, fit
from moodprint.models.classifiers.table import FAMILIES, family


def _data(rows: int = 150, classes: int = 3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Classes of unequal size around corners of a cube, with three columns of noise."""
    rng = np.random.default_rng(seed)
    labels = np.minimum(rng.integers(classes + 1, size=rows), classes - 1)
    centres = 2.5 * np.eye(classes, 6)
    return centres[labels] + rng.normal(size=(rows, 6)), labels


@pytest.fixture(params=sorted(FAMILIES))
def member(request: pytest.FixtureRequest) -> Family:
    if request.param == "xgboost":
        pytest.importorskip("xgboost", reason="the extra study is not installed")
    return family(request.param)


def test_a_family_learns_what_is_easy_and_the_dummy_does_not(member: Family) -> None:
    values, labels = _data()
    fresh, truth = _data(seed=1)
    found = fit(member, values, labels, 3, seed=0)
    assert found.scores(fresh).shape == (150, 3)
    assert np.isfinite(found.scores(fresh)).all()
    right = np.mean(found.predict(fresh) == truth)
    assert right > 0.7 if member.name != "dummy" else right < 0.6


def test_the_same_seed_gives_the_same_model(member: Family) -> None:
    values, labels = _data(60)
    first, second = (fit(member, values, labels, 3, seed=3).scores(values) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_classes_that_do_not_occur_get_no_score(member: Family) -> None:
    values, labels = _data(80, classes=2)
    found = fit(member, values, labels * 3 + 1, 5)
    scores = found.scores(values)
    assert (scores[:, [0, 2, 3]] == ABSENT).all()
    assert set(found.predict(values)) <= {1, 4}


def test_each_setting_of_the_grid_is_one_that_the_estimator_takes(member: Family) -> None:
    for settings in member.candidates():
        made = member.make(3, 0, settings)
        known = (made.named_steps["model"] if member.is_scaled else made).get_params()
        assert settings.items() <= known.items()


def test_the_seed_reaches_every_estimator_that_has_one(member: Family) -> None:
    parameters = member.make(3, seed=17).get_params()
    seeds = {value for name, value in parameters.items() if name.endswith("random_state")}
    assert seeds <= {17}


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"nearest", "dummy"}))
def test_a_rare_class_counts_as_much_as_a_common_one(name: str) -> None:
    """Without balance a class of one row in sixteen is hardly ever the answer."""
    if name == "xgboost":
        pytest.importorskip("xgboost", reason="the extra study is not installed")
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], [300, 20])
    values = rng.normal(size=(320, 4)) + 1.2 * labels[:, None]
    predicted = fit(family(name), values, labels, 2).predict(values)
    assert uar(labels, predicted) > 0.75
    assert np.mean(predicted[labels == 1] == 1) > 0.6


def test_no_family_is_scaled_and_weighted_at_once() -> None:
    """A pipeline does not hand the weights of rows on to its last step."""
    both = [
        each.name
        for each in FAMILIES.values()
        if each.is_scaled and each.balance is Balance.SAMPLE_WEIGHTS
    ]
    assert both == []


def test_a_family_is_found_under_its_own_name() -> None:
    assert len(FAMILIES) == 15
    assert all(family(name).name == name for name in FAMILIES)


def test_an_unknown_family_lists_the_known() -> None:
    with pytest.raises(OptionError, match="did you mean 'rbf_svc'"):
        family("rbf_svm")
