"""The contract of every family, a case a member."""

import numpy as np
import pytest

from moodprint.errors import MissingExtraError, OptionError
from moodprint.models.classifiers import family as family_module
from moodprint.models.classifiers.fit import ABSENT, fit, tuned
from moodprint.models.classifiers.table import FAMILIES, family


def _data(rows=150, classes=3, seed=0):
    """Classes of unequal size around corners of a cube, with three columns of noise."""
    rng = np.random.default_rng(seed)
    labels = np.minimum(rng.integers(classes + 1, size=rows), classes - 1)
    centres = 2.5 * np.eye(classes, 6)
    return centres[labels] + rng.normal(size=(rows, 6)), labels


@pytest.fixture(params=sorted(FAMILIES))
def member(request):
    if request.param == "xgboost":
        pytest.importorskip("xgboost", reason="the extra study is not installed")
    return family(request.param)


def test_a_family_learns_what_is_easy_and_the_dummy_does_not(member):
    values, labels = _data()
    fresh, truth = _data(seed=1)
    found = fit(member, values, labels, 3, seed=0)
    assert found.scores(fresh).shape == (150, 3)
    assert np.isfinite(found.scores(fresh)).all()
    right = np.mean(found.predict(fresh) == truth)
    assert right > 0.7 if member.name != "dummy" else right < 0.6


def test_the_same_seed_gives_the_same_model(member):
    values, labels = _data(60)
    first, second = (fit(member, values, labels, 3, seed=3).scores(values) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_classes_that_do_not_occur_get_no_score(member):
    values, labels = _data(80, classes=2)
    found = fit(member, values, labels * 3 + 1, 5)
    scores = found.scores(values)
    assert (scores[:, [0, 2, 3]] == ABSENT).all()
    assert set(found.predict(values)) <= {1, 4}


def test_each_setting_of_the_space_exists(member):
    for settings in member.candidates():
        made = member.make(3, 0, settings)
        known = (made.named_steps["model"] if member.scaled else made).get_params()
        assert settings.items() <= known.items()


def test_tuning_looks_at_whole_groups_and_keeps_the_default_among_equals():
    values, labels = _data(60)
    assert tuned(family("dummy"), values, labels, np.arange(60), 3) == {}
    assert tuned(family("nearest"), values, labels, np.zeros(60), 3) == {"n_neighbors": 15}


def test_tuning_leaves_a_setting_that_fails():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(90, 2))
    labels = (values[:, 0] > 0).astype(int)
    shallow = tuned(family("decision_tree"), values, labels, np.arange(90), 2)
    assert shallow["max_depth"] in (3, 5, 10)


@pytest.mark.parametrize(
    ("labels", "value", "said"), [([0, 0], 1.0, "at least 2 classes"), ([0, 1], np.nan, "finite")]
)
def test_what_cannot_be_learned_is_refused(labels, value, said):
    with pytest.raises(OptionError, match=said):
        fit(family("ridge"), np.full((2, 3), value), labels, 2)


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(family_module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"\[study\]"):
        fit(family("ridge"), [[0.0], [1.0]], [0, 1], 2)


def test_an_unknown_family_lists_the_known():
    with pytest.raises(OptionError, match="did you mean 'rbf_svc'"):
        family("rbf_svm")
