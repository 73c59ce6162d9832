"""Probabilities that hold, for music of a known kind and for music of a new one.

One temperature is fitted on two measures, each counting half: groups held out of the corpora that
the heads know (``folded``), and game music held out whole (``games_left_out``). 4q held out whole
is measured too, but not fitted on: heads without it, four tenths of all tracks and the only songs,
are much poorer than those that ship.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from heads import HeadRecipe
from judge import GAMES, Answers, across, folded, softmax
from table import Table

from moodprint.evaluation.calibration import expected_calibration_error, risk_coverage

_FIVE = ("4q", *GAMES)
"""The corpora whose labels are the five emotions."""

_COVERAGE = 0.9
"""The share of music that is answered: on the rest, the least certain, an answer is hardly better
than a guess."""


@dataclass(frozen=True)
class Calibrated:
    settings: dict[str, float]
    measured: dict[str, dict[str, float]]


def calibrate(table: Table, recipe: HeadRecipe) -> Calibrated:
    """The temperature with the least log loss over segments, every track counting the same; and
    the top probability under which the least certain tenth of tracks lies."""
    known = folded(table.where(np.isin(table.corpus, _FIVE)), recipe)
    games, songs = across(table, GAMES, recipe), across(table, ("4q",), recipe)
    temperature = _temperature([known, games])
    tops = [_tracks(answers, temperature)[1].max(axis=1) for answers in (known, games)]
    threshold = float(np.quantile(np.concatenate(tops), 1 - _COVERAGE))
    return Calibrated(
        {"temperature": round(temperature, 3), "abstain_below": round(threshold, 3)},
        {
            name: _measured(answers, temperature, threshold)
            for name, answers in (
                ("folded", known),
                ("games_left_out", games),
                ("4q_left_out", songs),
            )
        },
    )


def _temperature(ways: list[Answers]) -> float:
    candidates = np.geomspace(0.3, 6, 60)
    losses = [sum(_log_loss(answers, t) for answers in ways) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def _measured(answers: Answers, temperature: float, threshold: float) -> dict[str, float]:
    truth, said = _tracks(answers, temperature)
    _, uncalibrated = _tracks(answers, 1.0)
    kept, right = said.max(axis=1) >= threshold, said.argmax(axis=1) == truth
    figures = {
        "expected_calibration_error": expected_calibration_error(truth, said),
        "uncalibrated_error": expected_calibration_error(truth, uncalibrated),
        "accuracy": right.mean(),
        "coverage": kept.mean(),
        "accuracy_when_answered": right[kept].mean(),
        "accuracy_when_abstained": right[~kept].mean(),
        "area_under_risk_coverage": risk_coverage(truth, said).area,
    }
    return {"tracks": len(truth), **{name: round(float(v), 3) for name, v in figures.items()}}


def _log_loss(answers: Answers, temperature: float) -> float:
    table = answers.table
    known = table.target.sum(axis=1) > 0
    probabilities = softmax(answers.logits / temperature)[known]
    _, place, counts = np.unique(table.track[known], return_inverse=True, return_counts=True)
    loss = -(np.log(np.maximum(probabilities, 1e-9)) * table.target[known]).sum(axis=1)
    return float((loss / counts[place]).sum() / len(counts))


def _tracks(answers: Answers, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    table, probabilities, _ = answers.tracks(temperature)
    known = table.target.sum(axis=1) > 0
    said = probabilities[known]
    return table.target[known].argmax(axis=1), said / said.sum(axis=1, keepdims=True)
