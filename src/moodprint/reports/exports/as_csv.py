"""CSV: one row a file and one a segment, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from moodprint.plain_text import spreadsheet_cell, spreadsheet_path
from moodprint.prediction import Answer
from moodprint.reports.exports.formats import ListFormat
from moodprint.reports.exports.rows import COLUMNS, TEXT, rows


def render(answers: Sequence[Answer]) -> bytes:
    """A header and the rows of the answers, as RFC 4180 has them, in UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS))  # lines end in CR LF, as RFC 4180 has it
    writer.writeheader()
    for row in rows(answers):
        writer.writerow({name: _cell(name, value) for name, value in row.items()})
    return text.getvalue().encode("utf-8", "replace")


def _cell(column: str, value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is made harmless; a source stays a path."""
    if isinstance(value, bool):
        return str(value).lower()
    if COLUMNS[column] != TEXT or value is None:
        return value
    return spreadsheet_path(value) if column == "source" else spreadsheet_cell(value)


CSV = ListFormat("csv", ".csv", "text/csv", render)
