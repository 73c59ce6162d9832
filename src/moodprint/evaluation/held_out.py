"""Scores on samples that were held out, and the row of a leaderboard that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from moodprint.evaluation.bootstrap import group_bootstrap
from moodprint.evaluation.calibration import expected_calibration_error
from moodprint.evaluation.metrics import accuracy, macro_f1, uar, weighted_f1
from moodprint.evaluation.probabilities import fit_temperature, log_softmax, softmax
from moodprint.evaluation.validate import Float64Array, IntArray


@dataclass(frozen=True)
class HeldOutScores:
    """Scores [N, K] of samples that were not learned from, with truth, song and group [N]."""

    truth: IntArray
    scores: Float64Array
    songs: IntArray
    groups: IntArray

    @property
    def by_song(self) -> HeldOutScores:
        """The same by song: the mean of the log-probabilities of its samples."""
        log_probabilities = log_softmax(self.scores)
        _, first, place = np.unique(self.songs, return_index=True, return_inverse=True)
        total = np.zeros((len(first), log_probabilities.shape[1]))
        np.add.at(total, place, log_probabilities)
        mean = total / np.bincount(place)[:, None]
        return HeldOutScores(self.truth[first], mean, self.songs[first], self.groups[first])

    @property
    def predicted(self) -> IntArray:
        """The class of the highest score [N]; the first of equals."""
        return np.asarray(self.scores.argmax(axis=1), np.int64)


@dataclass(frozen=True)
class LeaderboardRow:
    """Scores of one combination at one stage: of samples, and ``song_...`` of whole songs.

    ``stage``: ``cv`` chooses, ``holdout`` tests the chosen once, ``corpus:NAME`` was tested on a
    corpus that was not learned from, ``ungrouped`` is what a split that tears groups claims.
    Bounds are 95 % bootstrap intervals over groups. ``calibration_error`` is that of
    probabilities whose temperature was fitted on other scores, where there were any.
    """

    features: str
    model: str
    uar: float
    uar_low: float
    uar_high: float
    macro_f1: float
    weighted_f1: float
    stage: str
    macro_f1_low: float
    macro_f1_high: float
    accuracy: float
    song_uar: float
    song_macro_f1: float
    calibration_error: float
    samples: int
    groups: int
    seconds: float

    def card_metrics(self) -> dict[str, Any]:
        """What the card of a model says of the row: scores with their bounds."""
        return {
            "uar": [self.uar, self.uar_low, self.uar_high],
            "macro_f1": [self.macro_f1, self.macro_f1_low, self.macro_f1_high],
            "weighted_f1": self.weighted_f1,
            "song_uar": self.song_uar,
            "calibration_error": self.calibration_error,
            "samples": self.samples,
            "groups": self.groups,
        }


def leaderboard_row(
    features: str,
    model: str,
    stage: str,
    held_out: HeldOutScores,
    *,
    temperature: float | None = None,
    seconds: float = 0.0,
    resamples: int = 1000,
) -> LeaderboardRow:
    """The metrics of scores as a row; without a ``temperature`` these very scores give it."""
    truth, predicted, songs = held_out.truth, held_out.predicted, held_out.by_song
    if temperature is None:
        temperature = fit_temperature(truth, held_out.scores)
    recall, f1 = (
        group_bootstrap(metric, held_out.groups, truth, predicted, resamples=resamples)
        for metric in (uar, macro_f1)
    )
    probabilities = softmax(held_out.scores, temperature)
    return LeaderboardRow(
        features=features,
        model=model,
        uar=recall.value,
        uar_low=recall.low,
        uar_high=recall.high,
        macro_f1=f1.value,
        weighted_f1=weighted_f1(truth, predicted),
        stage=stage,
        macro_f1_low=f1.low,
        macro_f1_high=f1.high,
        accuracy=accuracy(truth, predicted),
        song_uar=uar(songs.truth, songs.predicted),
        song_macro_f1=macro_f1(songs.truth, songs.predicted),
        calibration_error=expected_calibration_error(truth, probabilities),
        samples=len(truth),
        groups=len(np.unique(held_out.groups)),
        seconds=seconds,
    )
