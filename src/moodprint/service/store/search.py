"""Analyses looked up: filtered, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE, Presence
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.sharing import SharingCatalogue
from moodprint.service.store.tables import Analysis

_HOLDS_FROM = 0.1
"""A file holds speech, say, where that is a tenth of its time or more."""

_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "name": sa.func.lower(Analysis.name),
    "created_at": Analysis.created_at.expression,
    "duration_s": Analysis.duration_s.expression,
    "confidence": Analysis.confidence.expression,
    "emotion": Analysis.emotion.expression,
    "size_bytes": Analysis.size_bytes.expression,
    **{name: Analysis.shares[name].as_float().expression for name in (*map(str, EMOTIONS), UNSURE)},
}

SORTS = tuple(_COLUMNS)
"""What lists can be sorted by; an emotion stands for its share of the music's time."""


@dataclass(frozen=True)
class Search:
    """Which analyses are wanted: those that fit all that is not None.

    ``search`` stands in the name, in upper or lower case. ``presence`` holds a tenth of the file's
    time. ``shared`` are files that share music with another one of their collection. ``sort`` is
    one of ``SORTS``, behind a ``-`` from the greatest to the least.
    """

    collection: str | None = None
    search: str | None = None
    emotion: str | None = None
    presence: Presence | None = None
    abstained: bool | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    shared: bool | None = None
    sort: str = "-created_at"
    limit: int = 100
    offset: int = 0


def find_analyses(database: Database, search: Search) -> tuple[int, Sequence[Analysis]]:
    """How many fit, and those of the page.

    Raises:
        Problem: 404, there is no such collection; 422, nothing is sorted so, or ``shared`` without
            a collection.
    """
    conditions = _conditions(search)
    if search.shared is not None:
        if search.collection is None:
            raise Problem(422, "bad-request", "shared: only within a collection.")
        _, tracks = SharingCatalogue(database).tracks(search.collection)
        sharing = sorted({use["analysis"] for track in tracks for use in track["uses"]})
        fits = Analysis.id.in_(sharing)
        conditions.append(fits if search.shared else ~fits)
    with database.reading() as session:
        count = sa.select(sa.func.count()).select_from(Analysis).where(*conditions)
        page = sa.select(Analysis).where(*conditions).order_by(*_order(search.sort))
        rows = session.scalars(page.limit(search.limit).offset(search.offset)).all()
        return session.scalar(count) or 0, rows


def _conditions(search: Search) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    equal = {
        Analysis.collection_id: search.collection,
        Analysis.emotion: search.emotion,
        Analysis.abstained: search.abstained,
        Analysis.state: search.state,
    }
    conditions += [column == value for column, value in equal.items() if value is not None]
    if search.search:
        conditions.append(
            sa.func.lower(Analysis.name).contains(search.search.lower(), autoescape=True)
        )
    if search.presence is not None:
        share = Analysis.presence[str(search.presence)].as_float()
        conditions.append(share >= _HOLDS_FROM)
    if search.since is not None:
        conditions.append(Analysis.created_at >= search.since)
    if search.until is not None:
        conditions.append(Analysis.created_at < search.until)
    return conditions


def _order(sort: str) -> list[sa.ColumnElement[Any]]:
    name = sort.removeprefix("-")
    if name not in _COLUMNS:
        raise Problem(422, "bad-request", f"sort: one of {', '.join(SORTS)}.")
    column = _COLUMNS[name]
    ordered = column.desc() if sort.startswith("-") else column.asc()
    return [ordered.nulls_last(), Analysis.id.expression]
