"""The features of many sounds as one table: a row a sound, a column a feature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from pathlib import Path

import polars as pl

from moodprint.dataset.path_expansion import Sound, sound_columns
from moodprint.engine import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.features.cache import FeatureCache
from moodprint.features.extraction import feature_matrix
from moodprint.features.feature_set import FeatureSet
from moodprint.files import write_output
from moodprint.outputs import AnyPath

TABLE_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class FeatureTable:
    """``rows`` names each sound and gives its features; ``problems`` says by file what is left out,
    ``warnings`` what was odd.

    The first columns are those of ``sound_columns``; then follow those of the sets, ``set:column``.
    """

    rows: pl.DataFrame
    problems: dict[Path, str]
    warnings: dict[Path, tuple[str, ...]] = field(default_factory=dict)


def feature_table(
    sounds: Sequence[Sound],
    sets: Sequence[FeatureSet],
    *,
    cache: FeatureCache | None = None,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> FeatureTable:
    """The table of sounds, in their order, without those that cannot be read.

    Raises:
        OptionError: no set, or no sound. MissingExtraError, MissingWeightsError: a set cannot be
            used here.
    """
    excerpts = [sound.excerpt for sound in sounds]
    matrix = feature_matrix(sets, excerpts, cache=cache, workers=workers, progress=progress)
    names = pl.DataFrame(sound_columns(list(compress(sounds, matrix.usable))))
    values = pl.DataFrame(matrix.values[matrix.usable], schema=list(matrix.columns))
    rows = pl.concat([names, values], how="horizontal")
    return FeatureTable(rows, matrix.problems, matrix.warnings)


def check_table_name(out: AnyPath) -> None:
    """Raises OptionError where the suffix is none of ``TABLE_SUFFIXES``: ask before the work."""
    if Path(out).suffix.lower() not in TABLE_SUFFIXES:
        raise OptionError(f"{out}: a table is written as {' or '.join(TABLE_SUFFIXES)}")


def write_table(table: FeatureTable, out: AnyPath) -> None:
    """Write the rows as CSV or Parquet, by the suffix; a file that is there is replaced whole.

    Raises:
        OptionError: another suffix.
    """
    check_table_name(out)
    content = io.BytesIO()
    if Path(out).suffix.lower() == ".csv":
        table.rows.write_csv(content)
    else:
        table.rows.write_parquet(content)
    write_output(out, content.getvalue())
