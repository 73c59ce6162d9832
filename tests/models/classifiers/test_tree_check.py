"""Forged trees of each library are refused before anything walks them."""

import json

import numpy as np
import pytest

from moodprint.errors import BundleError
from moodprint.models.classifiers.fit import fit
from moodprint.models.classifiers.skops_file import dumped, loaded
from moodprint.models.classifiers.table import family
from moodprint.models.classifiers.tree_check import check_trees

pytest.importorskip("sklearn", reason="the extra study is not installed")


@pytest.fixture
def estimator_of():
    def make(name):
        rng = np.random.default_rng(0)
        labels = np.arange(120) % 3
        values = rng.normal(size=(120, 4)) + labels[:, None]
        return fit(family(name), values, labels, 3)

    return make


def _trees(estimator):
    """The trees of scikit-learn within an estimator, as views on their nodes."""
    members = getattr(estimator, "estimators_", [estimator])
    return [member.tree_.__getstate__()["nodes"] for member in members]


FORGED_NODES = {
    "walk would not end": ("left_child", 0),
    "walk would not end ": ("right_child", 10**9),
    "feature that there is not": ("feature", 10**6),
    "feature that there is not ": ("feature", -5),
}


@pytest.mark.parametrize("name", ["decision_tree", "random_forest", "extra_trees"])
@pytest.mark.parametrize("said", FORGED_NODES)
def test_trees_of_scikit_learn(estimator_of, name, said):
    estimator = estimator_of(name).estimator
    check_trees(estimator)
    field, value = FORGED_NODES[said]
    nodes = _trees(estimator)[-1]
    place = np.flatnonzero(nodes["left_child"] != -1)[0]
    nodes[field][place] = value
    with pytest.raises(BundleError, match=said.strip()):
        check_trees(estimator)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("left", 0, "walk would not end"),
        ("right", 2**31, "walk would not end"),
        ("feature_idx", 4, "feature that there is not"),
        ("feature_idx", -1, "feature that there is not"),
        ("is_categorical", 1, "trees over categories"),
    ],
)
def test_boosted_trees_of_scikit_learn(estimator_of, field, value, said):
    estimator = estimator_of("gradient_boosting").estimator
    check_trees(estimator)
    estimator._predictors[-1][0].nodes[field][0] = value
    with pytest.raises(BundleError, match=said):
        check_trees(estimator)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("left_children", 0, "walk would not end"),
        ("right_children", 99_999, "walk would not end"),
        ("split_indices", 4_000, "feature that there is not"),
    ],
)
def test_boosted_trees_of_xgboost(estimator_of, field, value, said):
    pytest.importorskip("xgboost", reason="the extra study is not installed")

    class Booster:
        """As xgboost's, which may itself refuse such a file."""

        def __init__(self, model):
            self._model = model

        def save_raw(self, _):
            return json.dumps(self._model).encode()

    whole = estimator_of("xgboost").estimator
    check_trees(whole)
    model = json.loads(bytes(whole.get_booster().save_raw("json")))
    check_trees(Booster(model))
    model["learner"]["gradient_booster"]["model"]["trees"][0][field][0] = value
    with pytest.raises(BundleError, match=said):
        check_trees(Booster(model))


@pytest.mark.parametrize("value", [-1, 10**9])
def test_trees_of_neighbours(value):
    from sklearn.neighbors import KDTree

    tree = KDTree(np.random.default_rng(0).normal(size=(50, 3)), leaf_size=5)
    check_trees({"tree": tree})
    state = list(tree.__getstate__())
    places = state[1].copy()
    places[0] = value
    state[1] = places
    tree.__setstate__(tuple(state))
    with pytest.raises(BundleError, match="places lie outside"):
        check_trees([tree])


def test_a_file_with_a_forged_tree_is_refused_when_it_loads(estimator_of):
    pytest.importorskip("skops", reason="the extra study is not installed")
    classifier = estimator_of("decision_tree")
    nodes = _trees(classifier.estimator)[0]
    nodes["left_child"][0] = 0
    with pytest.raises(BundleError, match="the model has a tree whose walk would not end"):
        loaded(dumped(classifier), classifier.learned, classifier.classes)
