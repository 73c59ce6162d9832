"""Softmax regression held back towards given weights: with others' weights that is fine-tuning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from moodprint.ablation.arrays import FloatArray
from moodprint.evaluation.validate import IntArray

_STEPS = 80
"""Held back as it is, the loss falls by less than a thousandth beyond."""


@dataclass(frozen=True)
class Softmax:
    """``weights`` [D + 1, K] on standardised features and a constant."""

    mean: FloatArray
    deviation: FloatArray
    weights: FloatArray

    def log_probabilities(self, features: FloatArray) -> FloatArray:
        """[N, K] of features [N, D]."""
        logits: FloatArray = log_softmax(self._inputs(features) @ self.weights, axis=1)
        return logits

    def _inputs(self, features: FloatArray) -> FloatArray:
        return with_constant((features - self.mean) / self.deviation)


def with_constant(features: FloatArray) -> FloatArray:
    """[N, D + 1]."""
    return np.concatenate([features, np.ones((len(features), 1))], axis=1)


def fit_softmax(
    features: FloatArray,
    truth: IntArray,
    sample_weights: FloatArray,
    classes: int,
    ridge: float,
    start: Softmax | None = None,
) -> Softmax:
    """The mean of cross-entropy over weighted samples, classes counting alike, plus ``ridge`` times
    half the squared distance of the weights from those of ``start`` (from 0 without; the constant
    is free). Its features are standardised as those of ``start`` are."""
    mean = features.mean(axis=0) if start is None else start.mean
    deviation = features.std(axis=0) + 1e-6 if start is None else start.deviation
    inputs = with_constant((features - mean) / deviation)
    by_class = np.bincount(truth, sample_weights, minlength=classes)
    weights = sample_weights / np.maximum(by_class, 1e-12)[truth]
    weights = weights / weights.sum()
    hot = np.eye(classes)[truth]
    before = np.zeros((inputs.shape[1], classes)) if start is None else start.weights
    held = np.ones((inputs.shape[1], 1))
    held[-1] = 0

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        moved = flat.reshape(before.shape)
        logs = log_softmax(inputs @ moved, axis=1)
        away = (moved - before) * held
        value = -np.sum(weights[:, None] * hot * logs) + 0.5 * ridge * np.sum(away**2)
        slope = inputs.T @ (weights[:, None] * (np.exp(logs) - hot)) + ridge * away
        return float(value), slope.ravel()

    found = minimize(loss, before.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return Softmax(mean, deviation, found.x.reshape(before.shape))
