"""The leaderboard: one row a feature combination, model and stage, best first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from moodprint.evaluation import (
    accuracy,
    expected_calibration_error,
    fit_temperature,
    group_bootstrap,
    log_softmax,
    macro_f1,
    softmax,
    uar,
    weighted_f1,
)
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.files import write_atomically


@dataclass(frozen=True)
class Judged:
    """Scores [n, K] of samples that were not learned from, with truth, song and group [n]."""

    truth: IntArray
    scores: Float64Array
    songs: IntArray
    groups: IntArray

    @property
    def by_song(self) -> Judged:
        """The same by song: the mean of the log-probabilities of its segments."""
        chances = log_softmax(self.scores)
        _, first, place = np.unique(self.songs, return_index=True, return_inverse=True)
        total = np.zeros((len(first), chances.shape[1]))
        np.add.at(total, place, chances)
        mean = total / np.bincount(place)[:, None]
        return Judged(self.truth[first], mean, self.songs[first], self.groups[first])

    @property
    def predicted(self) -> IntArray:
        return np.asarray(self.scores.argmax(axis=1), np.int64)


@dataclass(frozen=True)
class Row:
    """Scores of one combination at one stage: of clips, and ``song_...`` of whole songs.

    ``stage``: ``cv`` chooses, ``holdout`` judges the chosen once, ``corpus:NAME`` was judged on a
    corpus that was not learned from, ``ungrouped`` is what a careless split would have claimed.
    Bounds are 95 % bootstrap intervals over groups. ``calibration_error`` is that of
    probabilities whose temperature was fitted at ``cv``.
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


def judge(
    features: str,
    model: str,
    stage: str,
    judged: Judged,
    *,
    temperature: float | None = None,
    seconds: float = 0.0,
    resamples: int = 1000,
    seed: int = 0,
) -> Row:
    """A row of the leaderboard; without a ``temperature`` these very scores give it."""
    truth, predicted, songs = judged.truth, judged.predicted, judged.by_song
    heat = temperature or fit_temperature(truth, judged.scores)
    within, even = (
        group_bootstrap(metric, judged.groups, truth, predicted, resamples=resamples, seed=seed)
        for metric in (uar, macro_f1)
    )
    return Row(
        features=features,
        model=model,
        uar=within.value,
        uar_low=within.low,
        uar_high=within.high,
        macro_f1=even.value,
        weighted_f1=weighted_f1(truth, predicted),
        stage=stage,
        macro_f1_low=even.low,
        macro_f1_high=even.high,
        accuracy=accuracy(truth, predicted),
        song_uar=uar(songs.truth, songs.predicted),
        song_macro_f1=macro_f1(songs.truth, songs.predicted),
        calibration_error=expected_calibration_error(truth, softmax(judged.scores, heat)),
        samples=len(truth),
        groups=len(np.unique(judged.groups)),
        seconds=seconds,
    )


def ranked(rows: Sequence[Row]) -> list[Row]:
    """Stage by stage in the order of their first row, the best UAR first within each."""
    stages = list(dict.fromkeys(row.stage for row in rows))
    return sorted(rows, key=lambda row: (stages.index(row.stage), -row.uar, row.features))


def write_leaderboard(path: Path, rows: Sequence[Row]) -> None:
    """``leaderboard.csv``, numbers to four places."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    for row in ranked(rows):
        writer.writerow(
            f"{value:.4f}" if isinstance(value, float) else value for value in asdict(row).values()
        )
    write_atomically(path, table.getvalue())
