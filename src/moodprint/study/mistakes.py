"""Where a model goes wrong: which songs, which pairs of emotions, what sounds different there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.dataset.samples import Sample
from moodprint.evaluation import HeldOutScores, confusion_matrix, softmax
from moodprint.evaluation.validate import Float64Array, IntArray

_FEWEST = 3
"""Fewer samples than this on a side say nothing of a difference."""


@dataclass(frozen=True)
class Mistake:
    """A sample that was taken for something else, with the probability that was given to that."""

    sample: Sample
    taken_for: str
    confidence: float


@dataclass(frozen=True)
class Difference:
    """A column in standard deviations: how those that were taken for another class lie beside
    those of their own class that were recognised (Cohen's d)."""

    column: str
    effect: float


@dataclass(frozen=True)
class Confusion:
    """``share`` of the samples of a class, ``count`` of them, were taken for another class."""

    truth: str
    taken_for: str
    count: int
    share: float
    differences: tuple[Difference, ...]


def surest_mistakes(
    held_out: HeldOutScores,
    samples: Sequence[Sample],
    labels: Sequence[str],
    temperature: float,
    most: int = 10,
) -> list[Mistake]:
    """The mistakes of highest confidence, one a song; ``samples`` [n] are those held_out."""
    probabilities = softmax(held_out.scores, temperature)
    wrong = np.flatnonzero(held_out.predicted != held_out.truth)
    order = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")]
    found: dict[str, Mistake] = {}
    for row in order.tolist():
        taken_for = labels[int(held_out.predicted[row])]
        mistake = Mistake(samples[row], taken_for, float(probabilities[row].max()))
        found.setdefault(samples[row].song, mistake)
    return list(found.values())[:most]


def confusions(
    held_out: HeldOutScores,
    values: npt.NDArray[np.float32],
    columns: Sequence[str],
    labels: Sequence[str],
    most: int = 5,
) -> list[Confusion]:
    """The pairs confused most often, by their share of the true class.

    ``values`` [n, D] under ``columns`` are features of the samples tested on, to say what differs.
    """
    counts = confusion_matrix(held_out.truth, held_out.predicted, len(labels))
    np.fill_diagonal(counts, 0)
    totals = np.bincount(held_out.truth, minlength=len(labels))
    shares = counts / np.maximum(totals, 1)[:, None]
    pairs = [divmod(int(flat), len(labels)) for flat in np.argsort(-shares, axis=None)]
    return [
        Confusion(
            labels[truth],
            labels[taken],
            int(counts[truth, taken]),
            float(shares[truth, taken]),
            _differences(held_out, values, columns, truth, taken),
        )
        for truth, taken in pairs[:most]
        if counts[truth, taken]
    ]


def _differences(
    held_out: HeldOutScores,
    values: npt.NDArray[np.float32],
    columns: Sequence[str],
    truth: int,
    taken: int,
) -> tuple[Difference, ...]:
    own = held_out.truth == truth
    mistaken, right = own & (held_out.predicted == taken), own & (held_out.predicted == truth)
    if min(mistaken.sum(), right.sum()) < _FEWEST:
        return ()
    effects = _cohen(values[mistaken].astype(np.float64), values[right].astype(np.float64))
    order: IntArray = np.argsort(-np.abs(effects))[:4]
    return tuple(Difference(columns[n], float(effects[n])) for n in order)


def _cohen(first: Float64Array, second: Float64Array) -> Float64Array:
    spread = np.sqrt((first.var(axis=0) + second.var(axis=0)) / 2)
    gap = first.mean(axis=0) - second.mean(axis=0)
    effect: Float64Array = np.zeros_like(gap)
    np.divide(gap, spread, out=effect, where=spread > 1e-9)
    return effect
