"""Which workers live: each says so every few seconds."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from moodprint.service.store.database import Database
from moodprint.service.store.tables import WorkerBeat, now


class WorkerBeats:
    """The workers of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, name: str) -> None:
        """A worker lives."""
        with self._database.writing() as session:
            session.merge(WorkerBeat(name=name, seen_at=now()))

    def lost(self, older_than_s: float) -> list[str]:
        """Workers that have said nothing for so long, each given to one caller alone."""
        with self._database.writing() as session:
            silent = sa.select(WorkerBeat).where(
                WorkerBeat.seen_at < now() - timedelta(seconds=older_than_s)
            )
            found = list(session.scalars(silent.with_for_update(skip_locked=True)))
            for worker in found:
                session.delete(worker)
            return [worker.name for worker in found]
