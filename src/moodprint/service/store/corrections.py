"""What people say of stretches: kept beside the answers, counted, given out as labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from moodprint.plain_text import one_line
from moodprint.service.outline import answered_for
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.tables import Analysis, Correction


class Corrections:
    """The corrections in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_analysis(self, analysis_id: str) -> list[tuple[Correction, str | None]]:
        """In order of time, each with what was answered for most of its stretch.

        Raises Problem (404) where there is no such analysis.
        """
        with self._database.reading() as session:
            analysis = session.get(Analysis, analysis_id)
            if analysis is None:
                raise Problem(404, "no-such-analysis", "No such analysis.")
            rows = session.scalars(
                sa.select(Correction)
                .where(Correction.analysis_id == analysis_id)
                .order_by(Correction.start_s, Correction.created_at)
            ).all()
            return _beside(rows, analysis.outline)

    def of_collection(self, collection_id: str) -> list[tuple[Analysis, Correction, str | None]]:
        """All of a collection, by file and time, each with its analysis and what was answered."""
        with self._database.reading() as session:
            rows = session.execute(
                sa.select(Analysis, Correction)
                .join(Correction, Correction.analysis_id == Analysis.id)
                .where(Analysis.collection_id == collection_id)
                .order_by(Analysis.name, Analysis.id, Correction.start_s)
            ).all()
            return [
                (analysis, correction, _beside([correction], analysis.outline)[0][1])
                for analysis, correction in rows
            ]

    def note(self, analysis_id: str, duration_s: float, label: str, note: str) -> None:
        """What is known of a whole file from elsewhere, once; its answer need not be there yet."""
        with self._database.writing() as session:
            there = sa.select(Correction.id).where(
                Correction.analysis_id == analysis_id,
                Correction.label == label,
                Correction.note == note,
            )
            if session.scalar(there.limit(1)) is None:
                fields = {"start_s": 0.0, "end_s": duration_s, "label": label, "note": note}
                session.add(Correction(analysis_id=analysis_id, author="moodprint", **fields))

    def add(self, analysis_id: str, fields: dict[str, Any]) -> tuple[Correction, str | None]:
        """Keep one: ``start_s``, ``end_s``, ``label``, ``note``, ``author``.

        Raises:
            Problem: 404, there is no such analysis; 409, it has no answer that could be corrected;
                422, the stretch goes past the end of the file.
        """
        with self._database.writing() as session:
            analysis = session.get(Analysis, analysis_id)
            if analysis is None:
                raise Problem(404, "no-such-analysis", "No such analysis.")
            if analysis.outline is None or analysis.duration_s is None:
                raise Problem(409, "no-answer", f"The analysis is {analysis.state}.")
            if fields["start_s"] >= analysis.duration_s:
                raise Problem(422, "bad-request", "start_s: past the end of the file.")
            end_s = min(fields["end_s"], analysis.duration_s)
            author, note = one_line(fields["author"]), _plain(fields["note"])
            given = {**fields, "end_s": end_s, "author": author, "note": note}
            correction = Correction(analysis_id=analysis_id, **given)
            session.add(correction)
            session.flush()
            return _beside([correction], analysis.outline)[0]

    def remove(self, correction_id: str) -> None:
        """Raises Problem (404) where there is none of that id."""
        with self._database.writing() as session:
            correction = session.get(Correction, correction_id)
            if correction is None:
                raise Problem(404, "no-such-correction", "No such correction.")
            session.delete(correction)


def _beside(
    rows: Sequence[Correction], outline: dict[str, Any] | None
) -> list[tuple[Correction, str | None]]:
    return [
        (row, None if outline is None else answered_for(outline, row.start_s, row.end_s))
        for row in rows
    ]


def _plain(note: str) -> str:
    """Line by line without codes and marks."""
    return "\n".join(one_line(line) for line in note.splitlines())
