"""Probabilities that hold on music of a kind that the heads never met.

One temperature is fitted on corpora left out whole in turn, each counting the same: that is how a
user's music meets the ear. On groups held out of the corpora that the heads know (``folded``) the
same answers are righter than they claim.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from moodprint.evaluation.calibration import (
    expected_calibration_error,
    right_by_confidence,
    risk_coverage,
)
from recipes.ear.heads import HeadRecipe
from recipes.ear.scores import GAMES, Answers, folded, to_quadrants
from recipes.ear.table import Table

_FIVE = ("4q", *GAMES, "wild_moods")
"""The corpora whose labels are the five emotions."""

_EDGES = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Where bands of confidence begin, as in ``benchmarks/reliability.py``."""

_COVERAGE = 0.9
"""The share of music that is answered: on the rest, the least certain, an answer is hardly better
than a guess."""


@dataclass(frozen=True)
class Calibrated:
    """``settings`` go on the card, to be used; ``measured`` are figures by what was held out."""

    settings: dict[str, Any]
    measured: dict[str, dict[str, float]]


def calibrate(table: Table, recipe: HeadRecipe, away: dict[str, Answers]) -> Calibrated:
    """From the answers of ``left_out``: the temperature with the least log loss over tracks, and
    the top probability under which the least certain tenth of the songs and game tracks lies."""
    unseen = {  # but musifeast17, whose emotions are happy and calm alone
        f"{name} left out": answers for name, answers in away.items() if name != "musifeast17"
    }
    temperature = _temperature(list(unseen.values()))
    songs = [a for a in unseen.values() if np.isin(a.table.corpus, _FIVE).all()]
    tops = [_tracks(answers, temperature)[1].max(axis=1) for answers in songs]
    threshold = float(np.mean([np.quantile(top, 1 - _COVERAGE) for top in tops]))
    known = folded(table.where(np.isin(table.corpus, _FIVE)), recipe)
    ways = {"folded": known, **unseen}
    settings = {"temperature": round(temperature, 3), "abstain_below": round(threshold, 3)}
    return Calibrated(
        {**settings, **_reliability(songs, temperature)},
        {name: _measured(answers, temperature, threshold) for name, answers in ways.items()},
    )


def _reliability(songs: list[Answers], temperature: float) -> dict[str, Any]:
    """How often the answers on corpora of songs left out were right, by how sure they were."""
    answered = [_tracks(answers, temperature) for answers in songs]
    sure = np.concatenate([predicted.max(axis=1) for _, predicted in answered])
    right = np.concatenate([predicted.argmax(axis=1) == truth for truth, predicted in answered])
    corpora = sorted({str(name) for answers in songs for name in answers.table.corpus})
    return {
        "reliability": [
            {**asdict(band), "right": round(band.right, 3)}
            for band in right_by_confidence(sure, right, _EDGES)
        ],
        "reliability_of": f"{len(sure)} tracks of {', '.join(corpora)}, each corpus left out in "
        "turn of what the heads learned",
    }


def _temperature(ways: list[Answers]) -> float:
    """As ``evaluation.fit_temperature``, but each corpus counts alike, and the loss is that of
    tracks, whose probabilities are means over segments: no scores of theirs could be divided."""
    candidates = np.geomspace(0.3, 10, 90)
    losses = [sum(_log_loss(answers, t) for answers in ways) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _measured(answers: Answers, temperature: float, threshold: float) -> dict[str, float]:
    truth, predicted = _tracks(answers, temperature)
    _, uncalibrated = _tracks(answers, 1.0)
    kept, right = predicted.max(axis=1) >= threshold, predicted.argmax(axis=1) == truth
    figures = {
        "expected_calibration_error": expected_calibration_error(truth, predicted),
        "uncalibrated_error": expected_calibration_error(truth, uncalibrated),
        "error_by_chance": _error_by_chance(predicted),
        "accuracy": right.mean(),
        "coverage": kept.mean(),
        "accuracy_when_answered": right[kept].mean(),
        "accuracy_when_abstained": right[~kept].mean(),
        "area_under_risk_coverage": risk_coverage(truth, predicted).area,
        **_accuracy_of_the_surest(predicted.max(axis=1), right),
    }
    finite = {name: round(float(v), 3) for name, v in figures.items() if np.isfinite(v)}
    return {"tracks": len(truth), **finite}


def _error_by_chance(predicted: np.ndarray) -> float:
    """What the error would be were the probabilities [T, K] the truth: so few tracks fill the bins
    unevenly. The mean of some draws."""
    rng = np.random.default_rng(5)
    drawn = [
        (predicted.cumsum(axis=1) > rng.random((len(predicted), 1))).argmax(axis=1)
        for _ in range(50)
    ]
    return float(np.mean([expected_calibration_error(truth, predicted) for truth in drawn]))


def _accuracy_of_the_surest(top: np.ndarray, right: np.ndarray) -> dict[str, float]:
    """Five points of the risk-coverage curve: how many of the surest tracks are named rightly."""
    surest = right[np.argsort(-top, kind="stable")]
    return {
        f"accuracy_of_surest_{share}_percent": surest[: max(1, len(surest) * share // 100)].mean()
        for share in (20, 40, 60, 80, 100)
    }


def _log_loss(answers: Answers, temperature: float) -> float:
    truth, predicted = _tracks(answers, temperature)
    return float(-np.log(np.maximum(predicted[np.arange(len(truth)), truth], 1e-9)).mean())


def _tracks(answers: Answers, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """What is true [T] and what was predicted [T, K]: of quadrants where no more is known."""
    table, probabilities, _ = answers.tracks(temperature)
    known = table.target.sum(axis=1) > 0
    truth, predicted = table.target[known], probabilities[known]
    if (truth.max(axis=1) < 1).any():
        truth, predicted = to_quadrants(truth), to_quadrants(predicted)
    return truth.argmax(axis=1), predicted / predicted.sum(axis=1, keepdims=True)
