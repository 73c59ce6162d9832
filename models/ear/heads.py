"""Linear heads on what the student hears: five emotions, valence and arousal.

Few numbers, strongly held back (L2): what travels to a corpus never met is simple.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from table import Table
from torch.nn import functional


@dataclass(frozen=True)
class Heads:
    """Logits [S, 5] = features @ emotion + emotion_bias; likewise valence and arousal [S, 2]."""

    emotion: np.ndarray
    emotion_bias: np.ndarray
    point: np.ndarray
    point_bias: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        return features @ self.emotion + self.emotion_bias

    def points(self, features: np.ndarray) -> np.ndarray:
        return np.clip(features @ self.point + self.point_bias, -1, 1)


@dataclass(frozen=True)
class HeadRecipe:
    """``ridge`` holds back the emotions' weights, ``point_ridge`` those of valence and arousal;
    a rated track counts ``rated_weight`` times one whose point is only its emotion's anchor."""

    ridge: float = 0.02
    point_ridge: float = 0.0005
    rated_weight: float = 3.0
    steps: int = 40


def fit(table: Table, recipe: HeadRecipe) -> Heads:
    """Fitted on segments; every corpus counts by the root of its tracks, every track the same
    within it, and every emotion the same within a corpus."""
    mean, scale = table.features.mean(axis=0), table.features.std(axis=0) + 0.05
    x = (table.features - mean) / scale
    emotion, bias = _softmax_regression(x, table.target, _emotion_weights(table), recipe)
    weights = _track_weights(table) * np.where(table.rated, recipe.rated_weight, 1.0)
    point, point_bias = _ridge(x, table.point, weights, recipe.point_ridge)
    emotion, point = emotion / scale[:, None], point / scale[:, None]
    return Heads(emotion, bias - mean @ emotion, point, point_bias - mean @ point)


def _track_weights(table: Table) -> np.ndarray:
    """[S] summing to S: a track's weight is shared by its segments, a corpus has the root of its
    tracks."""
    _, place, segments = np.unique(table.track, return_inverse=True, return_counts=True)
    weights = 1.0 / segments[place]
    for corpus in np.unique(table.corpus):
        own = table.corpus == corpus
        weights[own] /= np.sqrt(weights[own].sum())
    return weights * (len(weights) / weights.sum())


def _emotion_weights(table: Table) -> np.ndarray:
    """The same, with each emotion of a corpus brought to the same sum; 0 where it is unknown."""
    weights = _track_weights(table) * (table.target.sum(axis=1) > 0)
    for corpus in np.unique(table.corpus):
        own = np.flatnonzero(table.corpus == corpus)
        mass = (weights[own, None] * table.target[own]).sum(axis=0)
        present = mass > 0
        if present.any():
            factor = np.where(present, mass[present].mean() / np.maximum(mass, 1e-9), 0)
            weights[own] *= table.target[own] @ np.minimum(factor, 3.0)
    return weights * (len(weights) / weights.sum())


def _softmax_regression(
    features: np.ndarray, target: np.ndarray, weights: np.ndarray, recipe: HeadRecipe
) -> tuple[np.ndarray, np.ndarray]:
    x, y, w = (
        torch.from_numpy(np.asarray(part, np.float32)) for part in (features, target, weights)
    )
    weight = torch.zeros(x.shape[1], y.shape[1], requires_grad=True)
    bias = torch.zeros(y.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=recipe.steps, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = -(functional.log_softmax(x @ weight + bias, dim=1) * y).sum(dim=1)
        loss = (w * wrong).mean() + recipe.ridge * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach().numpy(), bias.detach().numpy()


def _ridge(
    features: np.ndarray, target: np.ndarray, weights: np.ndarray, ridge: float
) -> tuple[np.ndarray, np.ndarray]:
    share = (weights / weights.sum())[:, None]
    middle = (target * share).sum(axis=0)
    centre = (features * share).sum(axis=0)
    x, y = features - centre, target - middle
    gram = (x * share).T @ x + ridge * x.shape[1] * np.eye(x.shape[1])
    weight = np.linalg.solve(gram, (x * share).T @ y)
    return weight, middle - centre @ weight
