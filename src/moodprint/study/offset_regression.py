"""Multinomial logistic regression with an offset: logits that are known move as far as labels ask.

Weights are held back towards no change by a ridge that groups left out choose (Friedman, Hastie and
Tibshirani, Journal of Statistical Software 33, 2010, have offsets and the ridge).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from moodprint.evaluation import stratified_group_folds
from moodprint.evaluation.probabilities import softmax
from moodprint.evaluation.validate import Float64Array, IntArray

RIDGES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""How much the head is held back, in log loss a unit of its squared weights; the last hardly lets
it move."""

_FOLDS = 5


@dataclass(frozen=True)
class Change:
    """``weight`` [D, K] and ``bias`` [K], added to logits that were divided by the temperature."""

    weight: Float64Array
    bias: Float64Array


@dataclass(frozen=True)
class OffsetRegression:
    """N samples: ``offset`` [N, K] logits over the temperature, ``embedding`` [N, D], ``truth`` and
    ``groups`` [N]."""

    offset: Float64Array
    embedding: Float64Array
    truth: IntArray
    groups: Any

    @property
    def classes(self) -> int:
        """K."""
        return self.offset.shape[1]

    def head(self, chosen: IntArray, ridge: float) -> Change:
        """Fitted to the chosen samples; each emotion among them counts the same."""
        mean, scale = self._scaling(chosen)
        x = (self.embedding[chosen] - mean) / scale
        target = np.eye(self.classes)[self.truth[chosen]]
        counts = target.sum(axis=0)
        weights = (target / np.maximum(counts, 1)).sum(axis=1) / np.count_nonzero(counts)
        width, classes = x.shape[1], self.classes

        def loss(flat: Float64Array) -> tuple[float, Float64Array]:
            weight, bias = flat[: width * classes].reshape(width, classes), flat[-classes:]
            said = softmax(self.offset[chosen] + x @ weight + bias, 1.0)
            wrong = weights[:, None] * (said - target)
            value = float(weights @ -np.log(np.maximum((said * target).sum(axis=1), 1e-12)))
            held = ridge * float((flat**2).sum())
            slope = np.concatenate([(x.T @ wrong).ravel(), wrong.sum(axis=0)])
            return value + held, slope + 2 * ridge * flat

        found = minimize(loss, np.zeros(width * classes + classes), jac=True, method="L-BFGS-B")
        weight = found.x[: width * classes].reshape(width, classes) / scale[:, None]
        return Change(weight, found.x[-classes:] - mean @ weight)

    def best_ridge(self, chosen: IntArray) -> float:
        """That with the least log loss on groups left out of the chosen samples."""
        losses = [
            sum(
                log_loss(
                    self._said(chosen[test], self.head(chosen[train], ridge)),
                    self.truth[chosen[test]],
                )
                * len(test)
                for train, test in self._folds(chosen)
            )
            for ridge in RIDGES
        ]
        return RIDGES[int(np.argmin(losses))]

    def left_out(self) -> Float64Array:
        """Probabilities [N, K] of each sample by a head, and a ridge, of other groups alone."""
        kept = np.empty((len(self.truth), self.classes))
        for train, test in self._folds(np.arange(len(self.truth))):
            kept[test] = self._said(test, self.head(train, self.best_ridge(train)))
        return kept

    def _said(self, chosen: IntArray, head: Change) -> Float64Array:
        logits = self.offset[chosen] + self.embedding[chosen] @ head.weight + head.bias
        return np.asarray(softmax(logits, 1.0), np.float64)

    def _folds(self, chosen: IntArray) -> list[tuple[IntArray, IntArray]]:
        groups = self.groups[chosen]
        count = min(_FOLDS, len(np.unique(groups)))
        folds = stratified_group_folds(self.truth[chosen], groups, count, 0)
        return [(np.asarray(fold.train), np.asarray(fold.test)) for fold in folds]

    def _scaling(self, chosen: IntArray) -> tuple[Float64Array, Float64Array]:
        part = self.embedding[chosen]
        return part.mean(axis=0), part.std(axis=0) + 0.1 * part.std()


def log_loss(predicted: Float64Array, truth: IntArray) -> float:
    """Minus the mean logarithm of what was predicted [N, K] of the truth [N]."""
    own = predicted[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(own, 1e-9)).mean())
