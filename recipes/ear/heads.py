"""Linear heads on what the student hears: five emotions, valence and arousal.

A user's music is another corpus than those at hand, and a head leans on what tells these corpora
apart. Six things are set against that, each of them linear, so that one matrix comes out:

- *Late fusion.* Five groups of features (the embedding, the tags, the scores, the opinions, the
  hand-crafted measures) have heads of their own, whose logits are averaged: they lean in
  different ways.
- *Biases of each corpus.* How common an emotion is in a corpus is not learned from its sound.
- *Apart.* Along the directions in which corpora differ though the emotion is the same, weights are
  held back more (the idea of scatter component analysis, Ghifary et al., TPAMI 2017).
- *Moods.* The student's idea of YAMNet's moods of music (happy, sad, tender, angry, scary) is
  added, and of what mood heads and Jamendo's tags name so: no label of ours has a part in it.
- *Rated tracks* teach all the emotions near their point, seen from the middle of their corpus.
- *Nearness.* An emotion gains where valence and arousal, as the heads give them, lie near its
  anchor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from recipes.ear.table import ANCHOR_POINTS, FEATURE_GROUPS, MOODS, Table


@dataclass(frozen=True)
class Heads:
    """Logits [S, 5] = features @ emotion + emotion_bias; likewise valence and arousal [S, 2]."""

    emotion: np.ndarray
    emotion_bias: np.ndarray
    point: np.ndarray
    point_bias: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        """Of the five emotions [S, 5], for features [S, D]."""
        return features @ self.emotion + self.emotion_bias

    def points(self, features: np.ndarray) -> np.ndarray:
        """Valence and arousal [S, 2] in [-1, 1], for features [S, D]."""
        return np.clip(features @ self.point + self.point_bias, -1, 1)


@dataclass(frozen=True)
class HeadRecipe:
    """``groups`` are spans of the features; ``moods`` the features that name the five emotions, by
    each of those who name them (-1 where one has no name for it), added by ``mood_shares``.

    ``ridge`` holds back the emotions' weights, ``corpus_ridge`` the biases of each corpus, and
    ``point_ridge`` the weights of valence and arousal; ``apart`` and ``point_apart`` hold back the
    two, as said above. A rated track counts ``rated_weight`` times one whose point is only its
    emotion's anchor. Averaged logits are timid, so ``stretch`` times their mean counts.
    """

    groups: tuple[slice, ...] = FEATURE_GROUPS
    moods: tuple[tuple[int, ...], ...] = MOODS
    ridge: float = 0.005
    apart: float = 0.2
    corpus_ridge: float = 0.001
    point_ridge: float = 0.0002
    point_apart: float = 1.0
    rated_weight: float = 3.0
    stretch: float = 1.2
    mood_shares: tuple[float, ...] = (0.3, 0.3, 0.3)
    nearness: float = 1.0
    steps: int = 60


_REACH = 0.3
"""The squared distance from a rated point at which an emotion's share has fallen to 1 / e."""


def fit(table: Table, recipe: HeadRecipe) -> Heads:
    """Fitted on means over tracks; every corpus counts by the root of its tracks, every track the
    same within it, and every emotion the same within a corpus."""
    table = table.by_track()
    mean, scale = table.features.mean(axis=0), table.features.std(axis=0) + 0.05
    x = (table.features - mean) / scale
    heads = _fused(x, table, recipe)
    heads = _with_moods(heads, x, table.corpus, recipe)
    heads = _with_nearness(heads, recipe.nearness)
    emotion, point = heads.emotion / scale[:, None], heads.point / scale[:, None]
    return Heads(
        emotion, heads.emotion_bias - mean @ emotion, point, heads.point_bias - mean @ point
    )


def _fused(x: np.ndarray, table: Table, recipe: HeadRecipe) -> Heads:
    """The mean of the heads of the groups of features, stretched."""
    heads = Heads(np.zeros((x.shape[1], 5)), np.zeros(5), np.zeros((x.shape[1], 2)), np.zeros(2))
    shares = soft_targets(table)
    weights = _emotion_weights(table, shares)
    point_weights = _track_weights(table) * np.where(table.rated, recipe.rated_weight, 1.0)
    share = recipe.stretch / len(recipe.groups)
    for group in recipe.groups:
        own = x[:, group]
        one = np.eye(own.shape[1])
        scatter = _scatter(own, shares * weights[:, None], table.corpus)
        held = recipe.ridge * one + recipe.apart * scatter
        weight, bias = _emotion_head(own, shares, weights, held, table.corpus, recipe)
        heads.emotion[group] += share * weight
        heads.emotion_bias[:] += share * bias
        held = recipe.point_ridge * len(one) * one + recipe.point_apart * scatter
        weight, bias = _ridge(own, table.point, point_weights, held)
        heads.point[group] += share * weight
        heads.point_bias[:] += share * bias
    return heads


def _with_moods(heads: Heads, x: np.ndarray, corpus: np.ndarray, recipe: HeadRecipe) -> Heads:
    """Each mood's deviation from its mean over the corpora, all corpora the same."""
    emotion, bias = heads.emotion.copy(), heads.emotion_bias.copy()
    for moods, wanted in zip(recipe.moods, recipe.mood_shares, strict=True):
        for column, mood in enumerate(moods):
            if mood < 0:
                continue
            values = x[:, mood]
            middle = np.mean([values[corpus == name].mean() for name in np.unique(corpus)])
            share = wanted / values.std()
            emotion[mood, column] += share
            bias[column] -= share * middle
    return Heads(emotion, bias, heads.point, heads.point_bias)


def _with_nearness(heads: Heads, nearness: float) -> Heads:
    """Minus the squared distance of the point from each anchor: linear in the point, but for a term
    that all emotions share."""
    emotion = heads.emotion + 2 * nearness * heads.point @ ANCHOR_POINTS.T
    lengths = (ANCHOR_POINTS**2).sum(axis=1)
    bias = heads.emotion_bias + nearness * (2 * ANCHOR_POINTS @ heads.point_bias - lengths)
    return Heads(emotion, bias, heads.point, heads.point_bias)


def soft_targets(table: Table) -> np.ndarray:
    """[S, 5] shares of the emotions that a segment is an example of; all 0 where nothing is known.

    A rated track shares them out by distance from its point, the mean of its corpus taken for the
    middle: what people rate is mostly pleasant, and without that its music would teach that music
    of its kind is never sad.
    """
    shares = table.target.copy()
    weights = _track_weights(table)
    for corpus in np.unique(table.corpus[table.rated]):
        own = table.rated & (table.corpus == corpus)
        point = table.point[own] - np.average(table.point[own], axis=0, weights=weights[own])
        away = ((point[:, None] - ANCHOR_POINTS) ** 2).sum(axis=2)
        near = np.exp(-away / _REACH)
        shares[own] = near / near.sum(axis=1, keepdims=True)
    return shares


def _track_weights(table: Table) -> np.ndarray:
    """[S] summing to S: a track's weight is shared by its segments, a corpus has the root of its
    tracks."""
    _, place, segments = np.unique(table.track, return_inverse=True, return_counts=True)
    weights = 1.0 / segments[place]
    for corpus in np.unique(table.corpus):
        own = table.corpus == corpus
        weights[own] /= np.sqrt(weights[own].sum())
    return weights * (len(weights) / weights.sum())


def _emotion_weights(table: Table, shares: np.ndarray) -> np.ndarray:
    """The same, with each emotion of a corpus brought to the same sum; 0 where it is unknown."""
    weights = _track_weights(table) * (shares.sum(axis=1) > 0)
    for corpus in np.unique(table.corpus):
        own = np.flatnonzero(table.corpus == corpus)
        mass = (weights[own, None] * shares[own]).sum(axis=0)
        present = mass > 0
        if present.any():
            factor = np.where(present, mass[present].mean() / np.maximum(mass, 1e-9), 0)
            weights[own] *= shares[own] @ np.minimum(factor, 3.0)
    return weights * (len(weights) / weights.sum())


def _scatter(x: np.ndarray, mass: np.ndarray, corpus: np.ndarray) -> np.ndarray:
    """[D, D]: how the corpora's means of the same emotion scatter around the mean of those;
    ``mass`` [S, 5] is the weight of each segment for each emotion."""
    corpora = [corpus == name for name in np.unique(corpus)]
    away = []
    for column in mass.T:
        means = [
            np.average(x[own], axis=0, weights=column[own])
            for own in corpora
            if column[own].sum() > 0
        ]
        away += list(means - np.mean(means, axis=0)) if means else []
    scatter = np.array(away)
    return scatter.T @ scatter / len(scatter)


def _emotion_head(
    x: np.ndarray,
    shares: np.ndarray,
    weights: np.ndarray,
    held: np.ndarray,
    corpus: np.ndarray,
    recipe: HeadRecipe,
) -> tuple[np.ndarray, np.ndarray]:
    """A softmax regression in which each corpus has biases of its own, held towards none. Their
    mean over the corpora is kept, for music of a corpus that is not among them."""
    of_corpus = (corpus[:, None] == np.unique(corpus)).astype(float)
    width, corpora = x.shape[1], of_corpus.shape[1]
    back = np.zeros((width + corpora, width + corpora))
    back[:width, :width], back[width:, width:] = held, recipe.corpus_ridge * np.eye(corpora)
    both = np.concatenate([x, of_corpus], axis=1)
    weight, bias = _softmax_regression(both, shares, weights, back, recipe.steps)
    return weight[:width], bias + weight[width:].mean(axis=0)


def _softmax_regression(
    features: np.ndarray, shares: np.ndarray, weights: np.ndarray, held: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights [D, 5] and biases [5]; ``held`` [D, D] is the quadratic form that holds them back."""
    x, y, w, back = (
        torch.from_numpy(np.asarray(part, np.float32)) for part in (features, shares, weights, held)
    )
    weight = torch.zeros(x.shape[1], y.shape[1], requires_grad=True)
    bias = torch.zeros(y.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=steps, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = -(functional.log_softmax(x @ weight + bias, dim=1) * y).sum(dim=1)
        loss = (w * wrong).mean() + (weight * (back @ weight)).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach().numpy(), bias.detach().numpy()


def _ridge(
    features: np.ndarray, target: np.ndarray, weights: np.ndarray, held: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    share = (weights / weights.sum())[:, None]
    middle = (target * share).sum(axis=0)
    centre = (features * share).sum(axis=0)
    x, y = features - centre, target - middle
    weight = np.linalg.solve((x * share).T @ x + held, (x * share).T @ y)
    return weight, middle - centre @ weight
