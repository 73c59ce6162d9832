"""Parquet: the rows of the CSV with their types, for pandas, polars, DuckDB and the like."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from moodprint.prediction import Answer
from moodprint.reports.exports.formats import ListFormat
from moodprint.reports.exports.rows import COLUMNS, FLAG, NUMBER, TEXT, rows


def render(answers: Sequence[Answer]) -> bytes:
    """The rows of the answers in typed columns, compressed by zstd."""
    import polars as pl

    kinds = {TEXT: pl.String, NUMBER: pl.Float64, FLAG: pl.Boolean}
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for row in rows(answers):
        for name, value in row.items():
            columns[name].append(_encodable(value) if isinstance(value, str) else value)
    schema = {name: kinds[kind] for name, kind in COLUMNS.items()}
    data = io.BytesIO()
    pl.DataFrame(columns, schema=schema).write_parquet(data, compression="zstd")
    return data.getvalue()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


PARQUET = ListFormat("parquet", ".parquet", "application/vnd.apache.parquet", render)
