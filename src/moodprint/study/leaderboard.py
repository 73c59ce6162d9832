"""The leaderboard: one row a feature combination, model and stage, best first."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from moodprint.dataset.split_plan import CORPUS, CV, HOLDOUT, UNGROUPED
from moodprint.evaluation import LeaderboardRow
from moodprint.files import write_atomically


def ranked(rows: Sequence[LeaderboardRow]) -> list[LeaderboardRow]:
    """Stage by stage in the order of their first row, the best UAR first within each."""
    stages = list(dict.fromkeys(row.stage for row in rows))
    return sorted(rows, key=lambda row: (stages.index(row.stage), -row.uar, row.features))


def stage_title(stage: str) -> str:
    """What a stage is, in words, with a capital."""
    titles = {
        CV: "Cross-validation by group",
        HOLDOUT: "Hold-out",
        UNGROUPED: "Groups torn apart",
    }
    corpus = stage.removeprefix(CORPUS)
    return titles.get(stage, f"Tested on {corpus}, learned from the others")


def write_leaderboard(path: Path, rows: Sequence[LeaderboardRow]) -> None:
    """``leaderboard.csv``, ranked, numbers to four places."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(LeaderboardRow))
    for row in ranked(rows):
        writer.writerow(
            f"{value:.4f}" if isinstance(value, float) else value for value in asdict(row).values()
        )
    write_atomically(path, text.getvalue())
