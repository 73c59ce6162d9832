"""Files that the service is to bring in by itself, as calls and jobs see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from moodprint.plain_text import one_line
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.tables import ACTIVE, Collection, Fetch, State, now

_LISTED = 100
_WORDS = 300


class Fetches:
    """What is to be fetched, in a database whose tables are there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, collection_id: str, kind: str, source: str) -> Fetch:
        """A new wish, queued; one for the same that is still open is given back as it stands.

        Raises:
            Problem: 404, there is no such collection.
        """
        with self._database.writing() as session:
            if session.get(Collection, collection_id) is None:
                raise Problem(404, "no-such-collection", "No such collection.")
            open_ones = sa.select(Fetch).where(
                Fetch.collection_id == collection_id,
                Fetch.kind == kind,
                Fetch.source == source,
                Fetch.state.in_(ACTIVE),
            )
            fetch = session.scalar(open_ones)
            if fetch is None:
                fetch = Fetch(collection_id=collection_id, kind=kind, source=source)
                session.add(fetch)
                session.flush()
        return fetch

    def get(self, fetch_id: str) -> Fetch:
        """Raises Problem (404) where there is none of that id."""
        with self._database.reading() as session:
            return _found(session, fetch_id)

    def of_collection(self, collection_id: str) -> Sequence[Fetch]:
        """The newest first."""
        with self._database.reading() as session:
            own = sa.select(Fetch).where(Fetch.collection_id == collection_id)
            return session.scalars(own.order_by(Fetch.created_at.desc()).limit(_LISTED)).all()

    def active(self) -> list[str]:
        """The ids of those that are not ended."""
        with self._database.reading() as session:
            return list(session.scalars(sa.select(Fetch.id).where(Fetch.state.in_(ACTIVE))))

    def cancel(self, fetch_id: str) -> Fetch:
        """Wanted no more; what has been taken in stays. Raises Problem (404)."""
        with self._database.writing() as session:
            fetch = _found(session, fetch_id)
            if fetch.state in ACTIVE:
                fetch.state, fetch.changed_at = State.CANCELLED, now()
        return fetch

    def begin(self, fetch_id: str) -> Fetch | None:
        """Its job begins, from the start; None where nobody waits for it any more."""
        return self._change(fetch_id, state=State.RUNNING, taken=0, found=None, refused=None)

    def is_wanted(self, fetch_id: str) -> bool:
        """Whether anybody still waits for it."""
        return self._change(fetch_id) is not None

    def report(self, fetch_id: str, found: int, taken: int, refused: Sequence[str]) -> bool:
        """How far its job is; whether anybody still waits for it."""
        words = [one_line(each)[:_WORDS] for each in refused[:_LISTED]]
        return self._change(fetch_id, found=found, taken=taken, refused=words or None) is not None

    def finish(self, fetch_id: str) -> None:
        """It is done."""
        self._change(fetch_id, state=State.DONE)

    def fail(self, fetch_id: str, code: str, error: str) -> None:
        """Why nothing more comes of it."""
        words = one_line(error)[:_WORDS]
        self._change(fetch_id, state=State.FAILED, error_code=code, error=words)

    def _change(self, fetch_id: str, **fields: Any) -> Fetch | None:
        with self._database.writing() as session:
            fetch = session.get(Fetch, fetch_id, with_for_update=True)
            if fetch is None or fetch.state not in ACTIVE:
                return None
            for name, value in fields.items():
                setattr(fetch, name, value)
            fetch.changed_at = now()
        return fetch


def _found(session: Session, fetch_id: str) -> Fetch:
    fetch = session.get(Fetch, fetch_id)
    if fetch is None:
        raise Problem(404, "no-such-fetch", "No such fetch.")
    return fetch
