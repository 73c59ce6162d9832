"""The surrogate that explains a network: multinomial logistic regression on cues of the music, and
how well it agrees with the network where it was not fitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from moodprint.evaluation.bootstrap import Interval, group_bootstrap
from moodprint.evaluation.splits import Fold, leave_one_corpus_out, stratified_group_folds
from moodprint.recognition.explanation.surrogate import FURTHEST

FOLDS, RIDGE = 5, 1e-3


@dataclass(frozen=True)
class Segments:
    """S segments of music: their cues [S, C] (nan where one cannot be measured), what the network
    says [S, K], and the group and corpus of each."""

    cues: np.ndarray
    answers: np.ndarray
    group: np.ndarray
    corpus: np.ndarray

    def where(self, chosen: np.ndarray) -> Segments:
        """The segments that a mask or indices choose."""
        return Segments(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Fitted:
    """``mean`` and ``deviation`` [C] of the cues on their scales, ``weights`` [2 C, K] of their
    deviations and of those squared less 1, and ``intercept`` [K]."""

    mean: np.ndarray
    deviation: np.ndarray
    weights: np.ndarray
    intercept: np.ndarray

    def logits(self, cues: np.ndarray) -> np.ndarray:
        """What the surrogate answers [S, K] for cues [S, C] on their scales."""
        return terms(cues, self.mean, self.deviation) @ self.weights + self.intercept


def terms(cues: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """[S, 2 C]; 0 for cues that cannot be measured."""
    z = np.clip((cues - mean) / deviation, -FURTHEST, FURTHEST)
    return np.nan_to_num(np.concatenate([z, z * z - 1], axis=1))


def fit(segments: Segments, ridge: float = RIDGE) -> Fitted:
    """Multinomial logistic regression on the network's probabilities, every segment the same."""
    mean, deviation = np.nanmean(segments.cues, axis=0), np.nanstd(segments.cues, axis=0)
    x = terms(segments.cues, mean, deviation)
    x = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    shape = (x.shape[1], segments.answers.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        logits = x @ weights
        log_predicted = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        held = np.concatenate([weights[:-1], np.zeros((1, shape[1]))])
        wrong = -(segments.answers * log_predicted).sum() / len(x) + ridge * (held**2).sum()
        slope = x.T @ (np.exp(log_predicted) - segments.answers) / len(x) + 2 * ridge * held
        return wrong, slope.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B")
    weights = found.x.reshape(shape)
    return Fitted(mean, deviation, weights[:-1], weights[-1])


def held_out(segments: Segments, folds: list[Fold]) -> np.ndarray:
    """The surrogate's logits [S, K] for segments that it was not fitted to."""
    predicted = np.zeros_like(segments.answers)
    for fold in folds:
        trained = np.zeros(len(predicted), bool)
        trained[fold.train] = True
        predicted[fold.test] = fit(segments.where(trained)).logits(segments.cues[fold.test])
    return predicted


def agreement(answers: np.ndarray, predicted: np.ndarray) -> float:
    """The share of segments of which both say the same."""
    return float((answers.argmax(axis=1) == predicted.argmax(axis=1)).mean())


def margins_correlate(answers: np.ndarray, predicted: np.ndarray) -> float:
    """The correlation of margins: the answered emotion's logit less the mean of the others'."""
    rows, top = np.arange(len(predicted)), answers.argmax(axis=1)
    both = []
    for logits in (np.log(np.maximum(answers, 1e-6)), predicted):
        centred = logits - logits.mean(axis=1, keepdims=True)
        both.append(centred[rows, top])
    return float(np.corrcoef(*both)[0, 1])


def agreement_figures(segments: Segments) -> dict[str, Any]:
    """How well the surrogate agrees with the network where it was not fitted, and by chance."""
    top = segments.answers.argmax(axis=1)
    predicted = held_out(segments, stratified_group_folds(top, segments.group, FOLDS, seed=0))
    within = _interval(segments, agreement, predicted)
    across = held_out(segments, list(leave_one_corpus_out(segments.corpus).values()))
    return {
        "about": "share of segments with the same likeliest emotion; 95 % by bootstrap over groups",
        "segments": len(top),
        "held_out_groups": within,
        "commonest_emotion_alone": round(float(np.bincount(top).max() / len(top)), 3),
        "margins_correlate": _interval(segments, margins_correlate, predicted),
        "held_out_corpora": {
            corpus: round(agreement(segments.answers[own], across[own]), 3)
            for corpus in sorted(set(segments.corpus))
            for own in [segments.corpus == corpus]
        },
    }


def _interval(
    segments: Segments, metric: Callable[..., float], predicted: np.ndarray
) -> dict[str, float]:
    found: Interval = group_bootstrap(
        metric, segments.group, segments.answers, predicted, resamples=200
    )
    return {name: round(float(getattr(found, name)), 3) for name in ("value", "low", "high")}
