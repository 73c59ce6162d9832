"""The page of a study: who won, by how much, and where the mistakes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.labels import left_out_text
from moodprint.dataset.split_plan import CV, UNGROUPED
from moodprint.evaluation import (
    HeldOutScores,
    Interval,
    LeaderboardRow,
    ReliabilityBins,
    confusion_matrix,
    group_bootstrap,
    reliability,
    softmax,
)
from moodprint.files import write_output
from moodprint.outputs import AnyPath
from moodprint.reports.html.preview import previews
from moodprint.reports.html.report import asset, data_url, environment
from moodprint.reports.palette import COLOURS
from moodprint.study.comparison import comparisons, verdict
from moodprint.study.leaderboard import stage_title
from moodprint.study.mistakes import Confusion, Mistake, confusions, surest_mistakes
from moodprint.study.run import Study

_TOP = 10
_PLAYED_S = 30.0
_BINS = 10


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: ``counts`` and ``shares`` of the true class, a row a true class."""

    title: str
    labels: tuple[str, ...]
    counts: list[list[int]]
    shares: list[list[float]]


@dataclass(frozen=True)
class Recall:
    """How much of a class was found, with its interval over groups."""

    label: str
    interval: Interval
    samples: int


@dataclass(frozen=True)
class Winner:
    """A stage of the winner: its confusions, the recall of each class, and how often answers of a
    confidence were right."""

    matrix: Matrix
    recalls: list[Recall]
    reliability: ReliabilityBins


@dataclass(frozen=True)
class PlayedMistake:
    """A mistake with its sound as a data URL, or the reason why there is none."""

    mistake: Mistake
    sound: str | None
    note: str


def write_study_report(study: Study, path: AnyPath, *, audio: bool = True) -> None:
    """Write the page, one HTML file that needs nothing else; ``audio`` puts players in it."""
    write_output(path, render_study_report(study, audio=audio))


def render_study_report(study: Study, *, audio: bool = True) -> bytes:
    """The page as UTF-8."""
    stages = [s for s in dict.fromkeys(row.stage for row in study.rows) if s != UNGROUPED]
    compared = comparisons(study)
    page: str = _template().render(
        study=study,
        verdict=verdict(study, compared),
        compared=compared[:_TOP],
        top={stage: [r for r in study.rows if r.stage == stage][:_TOP] for stage in stages},
        by_features=_by_features(study.rows, stages[0]) if stages else {},
        ungrouped=_inflation(study),
        winner=[_winner(study, stage, pair) for stage, pair in _shown(study)],
        confusions=_confusions(study),
        mistakes=_mistakes(study, audio=audio),
        colours={str(emotion): colour for emotion, colour in COLOURS.items()},
        asset=asset,
        stage_title=stage_title,
        left_out=left_out_text(study.left_out, study.config.labels),
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> Any:
    return environment().get_template("study.html.jinja")


def _by_features(rows: Sequence[LeaderboardRow], stage: str) -> dict[str, list[LeaderboardRow]]:
    """All rows of the stage that chose, by feature combination, the best first."""
    chosen = [row for row in rows if row.stage == stage]
    return {name: [r for r in chosen if r.features == name] for name in _names(chosen)}


def _names(rows: Sequence[LeaderboardRow]) -> list[str]:
    return list(dict.fromkeys(row.features for row in rows))


def _inflation(study: Study) -> list[tuple[LeaderboardRow, LeaderboardRow]]:
    """Pairs of rows of the same combination: by group, and with groups torn apart."""
    honest = {(r.features, r.model): r for r in study.rows if r.stage == CV}
    torn = [row for row in study.rows if row.stage == UNGROUPED]
    return [(honest[r.features, r.model], r) for r in torn if (r.features, r.model) in honest]


def _shown(study: Study) -> list[tuple[str, tuple[str, str]]]:
    """Where the winner's mistakes are looked at: all stages that chose, then the hold-out."""
    winner = study.finalists[0]
    return [key for key in study.scores if key[1] == winner and key[0] != UNGROUPED]


def _matrix(study: Study, stage: str, pair: tuple[str, str]) -> Matrix:
    held_out, labels = study.scores[stage, pair].held_out, study.config.labels
    counts = confusion_matrix(held_out.truth, held_out.predicted, len(labels))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    title = f"{pair[0]}, {pair[1]}: {stage_title(stage)}"
    return Matrix(title, labels, counts.tolist(), shares.tolist())


def _winner(study: Study, stage: str, pair: tuple[str, str]) -> Winner:
    held_out = study.scores[stage, pair].held_out
    probabilities = softmax(held_out.scores, study.temperatures[pair])
    return Winner(
        _matrix(study, stage, pair),
        _recalls(held_out, study.config.labels),
        reliability(held_out.truth, probabilities, bins=_BINS),
    )


def _recalls(held_out: HeldOutScores, labels: Sequence[str]) -> list[Recall]:
    """Of the classes that occur."""
    right = (held_out.truth == held_out.predicted).astype(float)
    found = []
    for number, label in enumerate(labels):
        rows = held_out.truth == number
        if rows.any():
            interval = group_bootstrap(np.mean, held_out.groups[rows], right[rows])
            found.append(Recall(label, interval, int(rows.sum())))
    return found


def _confusions(study: Study) -> list[Confusion]:
    stage, pair = _shown(study)[0]
    features = "acoustic" if "acoustic" in study.tables else pair[0]
    scores = study.scores[stage, pair]
    values = study.tables[features].values[scores.rows]
    columns = study.extracted.columns[features]
    return confusions(scores.held_out, values, columns, study.config.labels)


def _mistakes(study: Study, *, audio: bool) -> list[PlayedMistake]:
    stage, pair = _shown(study)[0]
    scores = study.scores[stage, pair]
    _, first = np.unique(scores.rows, return_index=True)  # one of each that folds repeat
    samples = [study.samples[row] for row in scores.rows[first].tolist()]
    temperature, held_out = study.temperatures[pair], scores.held_out
    once = HeldOutScores(
        held_out.truth[first],
        held_out.scores[first],
        held_out.songs[first],
        held_out.groups[first],
    )
    found = surest_mistakes(once, samples, study.config.labels, temperature)
    if not audio:
        return [PlayedMistake(mistake, None, "") for mistake in found]
    shown = previews([(_played(mistake), _PLAYED_S) for mistake in found])
    return [
        PlayedMistake(m, data_url(sound.webm), sound.note)
        for m, sound in zip(found, shown, strict=True)
    ]


def _played(mistake: Mistake) -> Excerpt:
    """The sample's own sound, at most half a minute of it."""
    start_s, end_s = mistake.sample.excerpt.start_s, mistake.sample.excerpt.end_s
    latest_s = start_s + _PLAYED_S
    last_s = latest_s if end_s is None else min(end_s, latest_s)
    return Excerpt(mistake.sample.excerpt.path, start_s, last_s)
