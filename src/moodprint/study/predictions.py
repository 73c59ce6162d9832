"""What a study's best answered for each sample that it had not learned from, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from moodprint.dataset.split_plan import UNGROUPED
from moodprint.evaluation import softmax
from moodprint.files import write_atomically
from moodprint.outputs import AnyPath
from moodprint.plain_text import spreadsheet_cell, spreadsheet_path
from moodprint.study.comparison import Comparison
from moodprint.study.run import Study
from moodprint.study.trial_runner import Pair

_COLUMNS = ("features", "model", "stage", "sample", "file", "start_s", "end_s", "group")
_COMPARED = ("features", "model", "uar_lower_by", "low", "high", "p_value", "told_apart")


def write_predictions(study: Study, path: AnyPath) -> None:
    """``predictions.csv``: a row a finalist, stage and sample, with the label, the answer, its
    probability, and those of all classes."""
    labels = study.config.labels
    header = [*_COLUMNS, "label", "answer", "confidence", *(f"p_{label}" for label in labels)]
    rows = [
        row
        for (stage, pair) in study.scores
        if pair in study.temperatures and stage != UNGROUPED
        for row in _rows(study, stage, pair)
    ]
    _write(Path(path), header, rows)


def write_comparisons(compared: Sequence[Comparison], path: AnyPath) -> None:
    """``comparisons.csv``: the others beside the winner, the nearest first."""
    rows = [
        [
            *each.pair,
            *map(_number, (each.difference.value, each.difference.low, each.difference.high)),
            _number(each.p_value),
            str(each.told_apart).lower(),
        ]
        for each in compared
    ]
    _write(Path(path), _COMPARED, rows)


def _rows(study: Study, stage: str, pair: Pair) -> Iterator[list[Any]]:
    scores, labels = study.scores[stage, pair], study.config.labels
    probabilities = softmax(scores.held_out.scores, study.temperatures[pair])
    answers = probabilities.argmax(axis=1)
    for row, answer, shares in zip(
        scores.rows.tolist(), answers.tolist(), probabilities, strict=True
    ):
        sample = study.samples[row]
        excerpt = sample.excerpt
        yield [
            *pair,
            spreadsheet_cell(stage),
            spreadsheet_cell(sample.id),
            spreadsheet_path(str(excerpt.path)),
            excerpt.start_s,
            "" if excerpt.end_s is None else excerpt.end_s,
            spreadsheet_cell(sample.group),
            spreadsheet_cell(sample.label),
            spreadsheet_cell(labels[answer]),
            _number(shares[answer]),
            *map(_number, shares),
        ]


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_atomically(path, text.getvalue())


def _number(value: float) -> str:
    return f"{value:.4f}"
