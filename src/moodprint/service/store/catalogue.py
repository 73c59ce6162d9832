"""Collections and analyses: put in, looked up, changed by the jobs, removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from moodprint.plain_text import one_line
from moodprint.prediction import Timeline
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.job_states import take_known_answer
from moodprint.service.store.media import StoredMedia
from moodprint.service.store.tables import (
    ACTIVE,
    DEFAULT_COLLECTION,
    Analysis,
    Base,
    Collection,
    MadePiece,
    State,
    now,
)

_Row = TypeVar("_Row", bound=Base)

_NAME_LETTERS, _TITLE_LETTERS = 300, 200


class Catalogue:
    """What is known of collections and analyses, in a database whose tables are there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collections(self) -> Sequence[tuple[Collection, dict[str, int]]]:
        """All of them, newest first, with their counts of analyses by state."""
        with self._database.reading() as session:
            counts: dict[str, dict[str, int]] = {}
            states = sa.select(Analysis.collection_id, Analysis.state, sa.func.count())
            for collection, state, count in session.execute(
                states.group_by(Analysis.collection_id, Analysis.state)
            ):
                counts.setdefault(collection, {})[state] = count
            newest = sa.select(Collection).order_by(Collection.created_at.desc(), Collection.id)
            return [(each, counts.get(each.id, {})) for each in session.scalars(newest)]

    def collection(self, collection_id: str) -> Collection:
        """Raises Problem (404) where there is none of that id."""
        with self._database.reading() as session:
            return _found(session, Collection, collection_id)

    def states(self) -> dict[str, int]:
        """All analyses by state; states that none is in count 0."""
        with self._database.reading() as session:
            found = session.execute(
                sa.select(Analysis.state, sa.func.count()).group_by(Analysis.state)
            )
            counts = dict.fromkeys(map(str, State), 0)
            return counts | {state: count for state, count in found}  # noqa: C416

    def counts(self, collection_id: str) -> dict[str, int]:
        """Its analyses by state."""
        with self._database.reading() as session:
            states = (
                sa.select(Analysis.state, sa.func.count())
                .where(Analysis.collection_id == collection_id)
                .group_by(Analysis.state)
            )
            return {state: count for state, count in session.execute(states)}  # noqa: C416

    def add_collection(self, name: str) -> Collection:
        """A new one, empty."""
        with self._database.writing() as session:
            collection = Collection(name=_shown(name, _TITLE_LETTERS) or "unnamed")
            session.add(collection)
        return collection

    def rename_collection(self, collection_id: str, name: str) -> Collection:
        """Raises Problem (404) where there is none of that id."""
        with self._database.writing() as session:
            collection = _found(session, Collection, collection_id)
            collection.name = _shown(name, _TITLE_LETTERS) or collection.name
        return collection

    def remove_collection(self, collection_id: str) -> list[Analysis]:
        """Remove it with all that is in it; the analyses that were in it, and nobody needs.

        Raises Problem (404) where there is none of that id.
        """
        with self._database.writing() as session:
            collection = _found(session, Collection, collection_id)
            of_it = sa.select(Analysis).where(Analysis.collection_id == collection_id)
            removed = list(session.scalars(of_it))
            session.delete(collection)
        return removed

    def add(self, media: StoredMedia, name: str, collection_id: str | None, key: str) -> Analysis:
        """A file in a collection, queued; or done at once where its answer is known.

        The same content in the same collection is the same analysis: the one that is there is
        given back, queued again if it was cancelled.

        Raises:
            Problem: 404, there is no such collection.
        """
        with self._database.writing() as session:
            if collection_id is None:
                collection = _default_collection(session)
            else:
                collection = _found(session, Collection, collection_id)
            there = sa.select(Analysis).where(
                Analysis.collection_id == collection.id, Analysis.key == key
            )
            analysis = session.scalar(there)
            if analysis is None:
                analysis = Analysis(
                    collection_id=collection.id,
                    name=_shown(name, _NAME_LETTERS) or "unnamed",
                    content=media.content,
                    size_bytes=media.size_bytes,
                    key=key,
                    state=State.QUEUED,
                )
                session.add(analysis)
                take_known_answer(session, analysis)
            elif analysis.state == State.CANCELLED:
                _requeue(analysis)
            session.flush()
        return analysis

    def analysis(self, analysis_id: str) -> Analysis:
        """Raises Problem (404) where there is none of that id."""
        with self._database.reading() as session:
            return _found(session, Analysis, analysis_id)

    def timeline(self, analysis_id: str) -> Timeline:
        """The whole answer, under the name of the file.

        Raises:
            Problem: 404, there is no such analysis; 409, it has no answer (yet).
        """
        with self._database.reading() as session:
            analysis = _found(session, Analysis, analysis_id)
            if analysis.answer is None:
                raise Problem(409, "no-answer", f"The analysis is {analysis.state}.")
            return Timeline.from_dict({**analysis.answer, "source": analysis.name})

    def timelines(self, collection_id: str) -> list[tuple[str, Timeline]]:
        """The answers there are in a collection with the ids of their analyses, by name."""
        with self._database.reading() as session:
            rows = session.execute(
                sa.select(Analysis.id, Analysis.name, Analysis.answer)
                .where(Analysis.collection_id == collection_id, Analysis.answer.is_not(None))
                .order_by(Analysis.name, Analysis.id)
            )
            return [
                (analysis_id, Timeline.from_dict({**answer, "source": name}))
                for analysis_id, name, answer in rows
                if answer is not None
            ]

    def names(self, analysis_ids: Sequence[str]) -> dict[str, str]:
        """The names of the files of these analyses, by id."""
        with self._database.reading() as session:
            rows = session.execute(
                sa.select(Analysis.id, Analysis.name).where(Analysis.id.in_(analysis_ids))
            )
            return {row_id: name for row_id, name in rows}  # noqa: C416

    def cancel(self, analysis_id: str) -> Analysis:
        """Wanted no more; what has ended already stays as it is. Raises Problem (404)."""
        with self._database.writing() as session:
            analysis = _found(session, Analysis, analysis_id)
            if analysis.state in ACTIVE:
                analysis.state, analysis.changed_at = State.CANCELLED, now()
        return analysis

    def retry(self, analysis_id: str) -> Analysis:
        """Queued once more, if it failed or was cancelled. Raises Problem (404)."""
        with self._database.writing() as session:
            analysis = _found(session, Analysis, analysis_id)
            if analysis.state in (State.FAILED, State.CANCELLED):
                _requeue(analysis)
        return analysis

    def remove(self, analysis_id: str) -> Analysis:
        """Remove an analysis with its corrections; what it was. Raises Problem (404)."""
        with self._database.writing() as session:
            analysis = _found(session, Analysis, analysis_id)
            session.delete(analysis)
        return analysis

    def unused(self, contents: Iterable[str]) -> list[str]:
        """Of these contents those that no analysis is of, and no piece."""
        with self._database.reading() as session:
            used = set(session.scalars(sa.select(Analysis.content).distinct()))
            used |= set(session.scalars(sa.select(MadePiece.content).distinct()))
        return [content for content in dict.fromkeys(contents) if content not in used]

    def used_bytes(self) -> int:
        """Of all contents, each once."""
        with self._database.reading() as session:
            of_pieces = sa.select(MadePiece.content, MadePiece.size_bytes).where(
                MadePiece.content.is_not(None)
            )
            contents = sa.select(Analysis.content, Analysis.size_bytes).union(of_pieces).subquery()
            return int(session.scalar(sa.select(sa.func.sum(contents.c.size_bytes))) or 0)

    def count(self) -> int:
        """Of all analyses."""
        with self._database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Analysis)) or 0

    def changed_since(self, moment: datetime, collection_id: str | None) -> Sequence[Analysis]:
        """What has changed at that moment or later, in order of time; of one collection, or all."""
        with self._database.reading() as session:
            changed = sa.select(Analysis).where(Analysis.changed_at >= moment)
            if collection_id is not None:
                changed = changed.where(Analysis.collection_id == collection_id)
            return session.scalars(changed.order_by(Analysis.changed_at)).all()


def _found(session: Session, table: type[_Row], row_id: str) -> _Row:
    row = session.get(table, row_id)
    if row is None:
        raise Problem(
            404, f"no-such-{table.__name__.lower()}", f"No such {table.__name__.lower()}."
        )
    return row


def _default_collection(session: Session) -> Collection:
    collection = session.get(Collection, DEFAULT_COLLECTION)
    if collection is None:
        collection = Collection(id=DEFAULT_COLLECTION, name="Files")
        session.add(collection)
        session.flush()
    return collection


def _requeue(analysis: Analysis) -> None:
    analysis.state, analysis.progress, analysis.changed_at = State.QUEUED, 0.0, now()
    analysis.error = analysis.error_code = analysis.started_at = analysis.finished_at = None


def _shown(name: str, letters: int) -> str:
    """A name as it may be shown: on one line, without codes or marks, no longer than fits."""
    return one_line(name)[:letters]
