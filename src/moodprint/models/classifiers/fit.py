"""A fitted classifier of any family: feature rows in, one score a class out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError
from moodprint.evaluation import stratified_group_folds, uar
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.models.classifiers.family import Balance, Family

ABSENT = -30.0
"""The score of a class that was never learned: a probability of about 1e-13."""

_INNER_FOLDS = 3
"""Enough to tell settings apart, at 3 fits each: tuning is most of a study's time."""

_LEAST_PROBABILITY = 1e-12
"""Trees give 0 to what they never saw; its logarithm must be finite."""


@dataclass(frozen=True)
class Classifier:
    """A fitted scikit-learn ``estimator`` that knows the classes ``learned`` [k] out of K."""

    estimator: Any
    learned: tuple[int, ...]
    classes: int

    def scores(self, values: npt.ArrayLike) -> Float64Array:
        """Rows [N, D] to scores [N, K]: what a softmax turns into probabilities."""
        rows = np.asarray(values, np.float64)
        scores = np.full((len(rows), self.classes), ABSENT)
        scores[:, list(self.learned)] = _scores(self.estimator, rows)
        return scores

    def predict(self, values: npt.ArrayLike) -> IntArray:
        """The class number of each row [N]."""
        return np.asarray(self.scores(values).argmax(axis=1), np.int64)


def fit(
    family: Family,
    values: npt.ArrayLike,
    labels: npt.ArrayLike,
    classes: int,
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> Classifier:
    """Fit one model to rows [N, D] and class numbers [N] in 0..K-1; not all K need occur.

    Raises:
        OptionError: fewer than two classes, or values that are not finite.
        MissingExtraError: a package of the family is not installed.
    """
    family.check()
    rows = np.asarray(values, np.float64)
    if not np.isfinite(rows).all():
        raise OptionError("a model takes finite values; leave out the rows that have none")
    learned, own = np.unique(np.asarray(labels), return_inverse=True)
    if len(learned) < 2:
        raise OptionError(f"a classifier takes at least 2 classes, the labels hold {len(learned)}")
    estimator = family.make(len(learned), seed, settings)
    if family.balance is Balance.SAMPLE_WEIGHTS:
        estimator.fit(rows, own, sample_weight=_balancing_weights(own))
    else:
        estimator.fit(rows, own)
    return Classifier(estimator, tuple(int(label) for label in learned), classes)


def tuned(
    family: Family,
    values: npt.ArrayLike,
    labels: npt.ArrayLike,
    groups: npt.ArrayLike,
    classes: int,
    *,
    seed: int = 0,
) -> dict[str, Any]:
    """The settings of the family's grid with the best UAR over inner group folds.

    Only these rows are looked at, so a test outside of them stays unseen. Among equals the
    earlier, which is the default, wins.
    """
    candidates = family.candidates()
    rows, known = np.asarray(values), np.asarray(labels)
    folds = min(_INNER_FOLDS, len(np.unique(np.asarray(groups))))
    if len(candidates) == 1 or folds < 2:
        return candidates[0]
    inner = stratified_group_folds(known, groups, folds, seed)

    def score(settings: dict[str, Any]) -> float:
        guessed = np.empty(len(known), np.int64)
        for fold in inner:
            model = fit(
                family, rows[fold.train], known[fold.train], classes, settings=settings, seed=seed
            )
            guessed[fold.test] = model.predict(rows[fold.test])
        return uar(known, guessed)

    return max(candidates, key=score)


def _scores(estimator: Any, rows: Float64Array) -> Float64Array:
    if hasattr(estimator, "predict_proba"):
        return np.asarray(np.log(np.maximum(estimator.predict_proba(rows), _LEAST_PROBABILITY)))
    margin = np.asarray(estimator.decision_function(rows), np.float64)
    if margin.ndim == 1:  # of two classes, only the second one's margin is given
        return np.stack([-margin, margin], axis=1) / 2
    return margin


def _balancing_weights(labels: npt.NDArray[Any]) -> Float64Array:
    """Weights [N], mean 1, that make all classes count alike."""
    counts = np.bincount(labels)
    return np.asarray(len(labels) / (len(counts) * counts[labels]))
