"""The page of a study: who won, by how much, and where the mistakes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.dataset.split_plan import HOLDOUT, UNGROUPED
from moodprint.evaluation import confusion_matrix
from moodprint.files import write_output
from moodprint.reports.html.preview import bit_rates, preview
from moodprint.reports.html.report import asset, data_url, environment
from moodprint.reports.palette import COLOURS
from moodprint.study.leaderboard import Judged, Row
from moodprint.study.mistakes import Confusion, Mistake, confusions, surest_mistakes
from moodprint.study.run import Study

_TOP = 10
_PLAYED_S = 30.0


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix: ``counts`` and ``shares`` of the true class, a row a true class."""

    title: str
    labels: tuple[str, ...]
    counts: list[list[int]]
    shares: list[list[float]]


@dataclass(frozen=True)
class Heard:
    """A mistake with its sound as a data URL, or the reason why there is none."""

    mistake: Mistake
    sound: str | None
    note: str


def write_study_report(study: Study, path: Path, *, audio: bool = True) -> None:
    """Write the page, one HTML file that needs nothing else; ``audio`` puts players in it."""
    write_output(path, render_study_report(study, audio=audio))


def render_study_report(study: Study, *, audio: bool = True) -> bytes:
    """The page as UTF-8."""
    stages = [s for s in dict.fromkeys(row.stage for row in study.rows) if s != UNGROUPED]
    page: str = _template().render(
        study=study,
        top={stage: [r for r in study.rows if r.stage == stage][:_TOP] for stage in stages},
        by_features=_by_features(study.rows, stages[0]) if stages else {},
        ungrouped=_inflation(study),
        matrices=[_matrix(study, stage, pair) for stage, pair in _shown(study)],
        confusions=_confusions(study),
        mistakes=_mistakes(study, audio=audio),
        colours={str(emotion): colour for emotion, colour in COLOURS.items()},
        asset=asset,
        stage_name=stage_name,
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> Any:
    return environment().get_template("study.html.jinja")


def _by_features(rows: Sequence[Row], stage: str) -> dict[str, list[Row]]:
    """All rows of the stage that chose, by feature combination, the best first."""
    chosen = [row for row in rows if row.stage == stage]
    return {name: [r for r in chosen if r.features == name] for name in _names(chosen)}


def _names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.features for row in rows))


def _inflation(study: Study) -> list[tuple[Row, Row]]:
    """Pairs of honest and careless rows of the same combination."""
    honest = {(r.features, r.model): r for r in study.rows if r.stage == "cv"}
    careless = [row for row in study.rows if row.stage == UNGROUPED]
    return [(honest[r.features, r.model], r) for r in careless if (r.features, r.model) in honest]


def _shown(study: Study) -> list[tuple[str, tuple[str, str]]]:
    """Where the winner's mistakes are looked at: all stages that chose, then the hold-out."""
    winner = study.finalists[0]
    return [key for key in study.outcomes if key[1] == winner and key[0] != UNGROUPED]


def _matrix(study: Study, stage: str, pair: tuple[str, str]) -> Matrix:
    judged, labels = study.outcomes[stage, pair].judged, study.config.labels
    counts = confusion_matrix(judged.truth, judged.predicted, len(labels))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    title = f"{pair[0]}, {pair[1]}: {stage_name(stage)}"
    return Matrix(title, labels, counts.tolist(), shares.tolist())


def _confusions(study: Study) -> list[Confusion]:
    stage, pair = _shown(study)[0]
    features = "acoustic" if "acoustic" in study.tables else pair[0]
    outcome = study.outcomes[stage, pair]
    values = study.tables[features].values[outcome.rows]
    return confusions(
        outcome.judged, values, study.extracted.columns[features], study.config.labels
    )


def _mistakes(study: Study, *, audio: bool) -> list[Heard]:
    stage, pair = _shown(study)[0]
    outcome = study.outcomes[stage, pair]
    samples = [study.extracted.samples[row] for row in outcome.rows.tolist()]
    judged: Judged = outcome.judged
    found = surest_mistakes(judged, samples, study.config.labels, study.temperatures[pair])
    if not audio:
        return [Heard(mistake, None, "") for mistake in found]
    rates = bit_rates([_PLAYED_S] * len(found))
    shown = [
        preview(m.sample.excerpt.path, _PLAYED_S, r) for m, r in zip(found, rates, strict=True)
    ]
    return [
        Heard(m, data_url(sound.webm), sound.note) for m, sound in zip(found, shown, strict=True)
    ]


def stage_name(stage: str) -> str:
    """A stage in words."""
    names = {"cv": "cross-validation by group", HOLDOUT: "hold-out"}
    return names.get(stage, f"judged on {stage.removeprefix('corpus:')}, learned from the others")
