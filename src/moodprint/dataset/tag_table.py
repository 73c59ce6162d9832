"""The tags of many recordings as one table: a row a recording, plain columns."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

import polars as pl

from moodprint.dataset.feature_table import FeatureTable
from moodprint.dataset.path_expansion import Sound, sound_columns
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.features.extraction import why_left_out
from moodprint.recognition.tagging import tag
from moodprint.tags import TAG_COLUMNS, TEXT_TAGS, Tags

STAGE = "tags"
"""The stage that progress is told of: one step a recording."""

_EFFORT = 2
"""Times as long as an analysis, for which limits are made."""


def tag_table(
    sounds: Sequence[Sound], *, workers: int | None = None, progress: Progress = no_progress
) -> FeatureTable:
    """The tags of sounds, in their order, without those that cannot be read; what cannot be told
    of a sound is null. The columns are those of ``sound_columns``, then ``TAG_COLUMNS``."""
    excerpts = [sound.excerpt for sound in sounds]
    limits = file_limits(attrgetter("path"), effort=_EFFORT)
    tagged: list[Sound] = []
    rows: list[Tags] = []
    problems: dict[Path, str] = {}
    warnings: dict[Path, tuple[str, ...]] = {}
    outcomes = run(tag, excerpts, workers=workers, limits=limits)
    for done, (sound, outcome) in enumerate(zip(sounds, outcomes, strict=True), 1):
        if outcome.error is None:
            tags, odd = outcome.unwrap()
            tagged.append(sound)
            rows.append(tags)
            warnings |= {outcome.item.path: odd} if odd else {}
        else:
            problems[outcome.item.path] = why_left_out(outcome.error)
        progress(STAGE, done, len(sounds))
    table = pl.concat([pl.DataFrame(sound_columns(tagged)), _columns(rows)], how="horizontal")
    return FeatureTable(table, problems, warnings)


def _columns(rows: Sequence[Tags]) -> pl.DataFrame:
    kinds = {name: pl.String if name in TEXT_TAGS else pl.Float64 for name in TAG_COLUMNS}
    return pl.DataFrame([row.to_dict() for row in rows], schema=kinds)
