"""Where a model goes wrong: which songs, which pairs of emotions, what sounds different there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.dataset.samples import Sample
from moodprint.evaluation import confusion_matrix, softmax
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.study.leaderboard import Judged

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
    judged: Judged,
    samples: Sequence[Sample],
    labels: Sequence[str],
    temperature: float,
    most: int = 10,
) -> list[Mistake]:
    """The mistakes of highest confidence, one a song; ``samples`` [n] are those judged."""
    chances = softmax(judged.scores, temperature)
    wrong = np.flatnonzero(judged.predicted != judged.truth)
    order = wrong[np.argsort(-chances[wrong].max(axis=1), kind="stable")]
    found: dict[str, Mistake] = {}
    for row in order.tolist():
        taken_for = labels[int(judged.predicted[row])]
        mistake = Mistake(samples[row], taken_for, float(chances[row].max()))
        found.setdefault(samples[row].song, mistake)
    return list(found.values())[:most]


def confusions(
    judged: Judged,
    values: npt.NDArray[np.float32],
    columns: Sequence[str],
    labels: Sequence[str],
    most: int = 5,
) -> list[Confusion]:
    """The pairs confused most often, by their share of the true class.

    ``values`` [n, D] under ``columns`` are features of the samples judged, to say what differs.
    """
    counts = confusion_matrix(judged.truth, judged.predicted, len(labels))
    np.fill_diagonal(counts, 0)
    totals = np.bincount(judged.truth, minlength=len(labels))
    shares = counts / np.maximum(totals, 1)[:, None]
    pairs = [divmod(int(flat), len(labels)) for flat in np.argsort(-shares, axis=None)]
    return [
        Confusion(
            labels[truth],
            labels[taken],
            int(counts[truth, taken]),
            float(shares[truth, taken]),
            _differences(judged, values, columns, truth, taken),
        )
        for truth, taken in pairs[:most]
        if counts[truth, taken]
    ]


def _differences(
    judged: Judged, values: npt.NDArray[np.float32], columns: Sequence[str], truth: int, taken: int
) -> tuple[Difference, ...]:
    own = judged.truth == truth
    mistaken, right = own & (judged.predicted == taken), own & (judged.predicted == truth)
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
