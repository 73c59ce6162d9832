"""The outlines of answers in a database: see ``service.outline``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from moodprint.prediction import Timeline
from moodprint.service.outline import outline_of
from moodprint.service.store.database import Database
from moodprint.service.store.tables import Analysis


@dataclass(frozen=True)
class OutlineRow:
    """An analysed file, and what its answer says in short."""

    id: str
    name: str
    duration_s: float
    is_unsure: bool
    outline: dict[str, Any]


def outlines_of(database: Database, collection_id: str) -> list[OutlineRow]:
    """Of all files of a collection that were analysed, by name; whole answers are not read."""
    columns = (Analysis.id, Analysis.name, Analysis.duration_s, Analysis.outline)
    unsure = sa.and_(Analysis.abstained.is_(True), Analysis.emotion.is_not(None))
    with database.reading() as session:
        rows = session.execute(
            sa.select(*columns, unsure)
            .where(Analysis.collection_id == collection_id, Analysis.outline.is_not(None))
            .order_by(Analysis.name, Analysis.id)
        )
        return [
            OutlineRow(row_id, name, duration_s or 0.0, bool(is_unsure), outline)
            for row_id, name, duration_s, outline, is_unsure in rows
            if outline is not None
        ]


def add_missing_outlines(database: Database) -> None:
    """To answers from before there were outlines, or from before these said what they say now."""
    is_old = Analysis.outline["answers"].as_string().is_(None)
    lacks = (sa.or_(Analysis.outline.is_(None), is_old), Analysis.answer.is_not(None))
    with database.reading() as session:
        missing = session.scalars(sa.select(Analysis.id).where(*lacks)).all()
    for analysis_id in missing:
        with database.writing() as session:
            analysis = session.get(Analysis, analysis_id)
            if analysis is not None and analysis.answer is not None:
                analysis.outline = outline_of(Timeline.from_dict(analysis.answer))
