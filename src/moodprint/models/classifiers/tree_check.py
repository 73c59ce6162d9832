"""Trees of a classifier that came as a file, looked at before they are asked.

Libraries walk a tree by the numbers in it and check none: a child that points back is walked for
ever, one past the end reads memory that is not the tree's. Whether that happens depends on what
is asked, so a trial does not find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from moodprint.errors import BundleError

_MOST_OBJECTS = 1_000_000


def check_trees(estimator: Any) -> None:
    """Look at all trees within a scikit-learn or xgboost estimator.

    Raises:
        BundleError: a child that is not behind its parent, a feature that there is not, or places
            in data that lie outside it. It names no file: the caller does.
    """
    for part in _parts(estimator):
        check = _CHECKS.get(type(part).__name__)
        if check is not None:
            check(part)


def _parts(whole: Any) -> Iterator[Any]:
    """An object and all that it holds, each once."""
    seen: set[int] = set()
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, str | bytes | int | float | None):
            continue
        seen.add(id(part))
        if len(seen) > _MOST_OBJECTS:
            raise BundleError("holds too many parts for a classifier")
        yield part
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list | tuple | set):
            waiting.extend(part)
        elif isinstance(part, np.ndarray):
            waiting.extend(part.ravel().tolist() if part.dtype.hasobject else ())
        else:
            waiting.extend(getattr(part, "__dict__", {}).values())


def _check_tree(tree: Any) -> None:
    """``sklearn.tree._tree.Tree``: a leaf has no left child (-1)."""
    nodes = tree.__getstate__()["nodes"]
    inner = nodes["left_child"] != -1
    _check_nodes(
        len(nodes),
        np.flatnonzero(inner),
        nodes["left_child"][inner],
        nodes["right_child"][inner],
        nodes["feature"][inner],
        tree.n_features,
    )


def _check_predictor(predictor: Any) -> None:
    """``TreePredictor`` of histogram gradient boosting. The number of features is not its own to
    know: that there are no more than any set of features has is all that can be told."""
    nodes = predictor.nodes
    inner = nodes["is_leaf"] == 0
    if (nodes["is_categorical"] != 0).any():
        raise BundleError("has trees over categories, which no study makes")
    _check_nodes(
        len(nodes),
        np.flatnonzero(inner),
        nodes["left"][inner],
        nodes["right"][inner],
        nodes["feature_idx"][inner],
        None,
    )


def _check_boosting(estimator: Any) -> None:
    """``HistGradientBoostingClassifier``: the features of its predictors."""
    for predictor in _parts(getattr(estimator, "_predictors", [])):
        if type(predictor).__name__ == "TreePredictor":
            inner = predictor.nodes["is_leaf"] == 0
            features = predictor.nodes["feature_idx"][inner]
            if len(features) and not 0 <= features.min() <= features.max() < estimator._n_features:
                raise BundleError("has a tree over a feature that there is not")


def _check_booster(booster: Any) -> None:
    """xgboost's ``Booster``: its trees as its own JSON has them; a leaf has no left child (-1)."""
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    features = int(learner["learner_model_param"]["num_feature"])
    if learner["gradient_booster"]["name"] != "gbtree":
        raise BundleError("is boosted by other than trees, which no study makes")
    for tree in learner["gradient_booster"]["model"]["trees"]:
        left, right = np.array(tree["left_children"]), np.array(tree["right_children"])
        inner = np.flatnonzero(left != -1)
        split = np.array(tree["split_indices"])[inner]
        _check_nodes(len(left), inner, left[inner], right[inner], split, features)


def _check_nodes(
    count: int,
    parents: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    feature: np.ndarray,
    features: int | None,
) -> None:
    """Children lie behind their parents, as all three libraries write them: so no walk returns."""
    if count < 1:
        raise BundleError("has a tree without nodes")
    for children in (left.astype(np.int64), right.astype(np.int64)):
        if (children <= parents).any() or (children >= count).any():
            raise BundleError("has a tree whose walk would not end")
    if len(feature) and (feature.min() < 0 or (features or np.inf) <= feature.max()):
        raise BundleError("has a tree over a feature that there is not")


def _check_neighbours(tree: Any) -> None:
    """``KDTree``: its places in the data are a permutation, and its nodes lie within them."""
    data, places, nodes, bounds, _, levels, count, *_ = tree.__getstate__()
    size = len(data)
    whole = (
        data.ndim == 2
        and np.array_equal(np.sort(places), np.arange(size))
        and len(nodes) == count == 2**levels - 1
        and bounds.shape == (2, count, data.shape[1])
        and (nodes["idx_start"] >= 0).all()
        and (nodes["idx_start"] <= nodes["idx_end"]).all()
        and (nodes["idx_end"] <= size).all()
    )
    if not whole:
        raise BundleError("has a tree of neighbours whose places lie outside its data")


_CHECKS = {
    "Tree": _check_tree,
    "TreePredictor": _check_predictor,
    "HistGradientBoostingClassifier": _check_boosting,
    "Booster": _check_booster,
    "KDTree": _check_neighbours,
}
"""By the name of the type: the libraries are not loaded to look at what is none of theirs."""
