"""CSV: one row a file and one a segment, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from moodprint.prediction import Answer
from moodprint.reports.exports.formats import ListFormat
from moodprint.reports.exports.rows import COLUMNS, TEXT, rows

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render(answers: Sequence[Answer]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS))  # lines end in CR LF, as RFC 4180 has it
    writer.writeheader()
    for row in rows(answers):
        writer.writerow({name: _cell(name, value) for name, value in row.items()})
    return text.getvalue().encode("utf-8", "replace")


def _cell(column: str, value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is made harmless.

    A source stays a path to the same file: ``=1+1.mp3`` becomes ``./=1+1.mp3``. Other text
    gets the apostrophe by which spreadsheets mark text.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if COLUMNS[column] != TEXT or value is None:
        return value
    text = str(value).replace("\0", "")
    if not text.startswith(_STARTS_A_FORMULA):
        return text
    return f"./{text}" if column == "source" else f"'{text}"


CSV = ListFormat("csv", ".csv", "text/csv", render)
