"""Which columns of a table of labels hold the files, the labels and the groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.label_files import is_label_file, is_our_table
from moodprint.outputs import AnyPath
from moodprint.text_input import CsvTable, read_csv

MOST_LABELS = 20
"""A column of more values is no column of labels."""
_LABEL_COLUMNS = ("emotion", "mood", "label", "class", "quadrant", "4q", "tag", "category")
_GROUP_COLUMNS = ("group", "artist", "actor", "speaker", "game", "source", "album", "author")
_LOOKED_AT = 200
"""Rows of a table that are looked at to find the column of files."""


def labelled_corpus(
    path: AnyPath, *, file: str | None = None, label: str | None = None, group: str | None = None
) -> CorpusConfig:
    """The corpus of a folder or of a file of labels. Columns of a CSV that are not named are
    ``file``, ``emotion`` and ``group``, and where it has none of that name, found by what they
    hold.

    Raises:
        MissingFileError, EncodingError: no such labels, or they are no text.
    """
    path = Path(path)
    found: dict[str, str] | None = None
    columns: list[str] = []
    if not path.is_dir() and not is_label_file(path):
        table = read_csv(path)
        columns = list(table.columns)
        found = None if is_our_table(table) else columns_by_content(table, path.parent)

    def column(kind: str, usual: str, named: str | None) -> str:
        return named or (usual if found is None or usual in columns else found[kind])

    folder, labels = (path, None) if path.is_dir() else (None, path)
    return CorpusConfig(
        path.name if path.is_dir() else path.stem,
        folder,
        labels,
        file=column("file", "file", file),
        label=column("label", "emotion", label),
        group=column("group", "group", group),
    )


def columns_by_content(table: CsvTable, base: Path) -> dict[str, str] | None:
    """The columns of the files (beside ``base``), the labels and the groups, by ``file``, ``label``
    and ``group``; None where it is no such table. Without a column of groups each file is one."""
    rows = table.rows[:_LOOKED_AT]
    values = {name: [row.cells[name].strip() for row in rows] for name in table.columns}
    files = next((name for name, cells in values.items() if _are_files(cells, base)), None)
    if files is None:
        return None
    rest = [name for name in table.columns if name != files]
    label = _named(rest, _LABEL_COLUMNS) or next(
        (name for name in rest if _are_labels(values[name])), None
    )
    if label is None:
        return None
    group = _named([name for name in rest if name != label], _GROUP_COLUMNS) or files
    return {"file": files, "label": label, "group": group}


def _are_files(cells: Sequence[str], base: Path) -> bool:
    named = [cell for cell in cells if cell]
    try:
        there = sum((base / cell).is_file() for cell in named)
    except (OSError, ValueError):
        return False
    return bool(named) and there >= 0.5 * len(named)


def _are_labels(cells: Sequence[str]) -> bool:
    counts = Counter(cell for cell in cells if cell)
    return 2 <= len(counts) <= MOST_LABELS and min(counts.values()) >= 2


def _named(columns: Sequence[str], wanted: Sequence[str]) -> str | None:
    by_key = {name.strip().casefold(): name for name in columns}
    return next((by_key[name] for name in wanted if name in by_key), None)
