"""The database: SQLite in a file of the data folder, or PostgreSQL; brought to today's tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from moodprint.errors import OptionError

_BUSY_MS = 30_000
"""How long a writer waits for another: SQLite takes one at a time, and each is short."""

_WRITES = "moodprint_writes"


class Database:
    """Sessions with the database at ``url``; a SQLite file is made where there is none.

    Raises:
        OptionError: no such kind of database, or it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = sa.create_engine(url, pool_pre_ping=True)
            if self.engine.dialect.name == "sqlite":
                sa.event.listen(self.engine, "connect", _set_up_sqlite)
                sa.event.listen(self.engine, "begin", _begin_sqlite)
            with self.engine.connect():
                pass
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise OptionError(f"the database cannot be opened: {_cause(error)}") from error
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: committed at the end of the block, rolled back where it raises."""
        with self._sessions.begin() as session:
            session.connection(execution_options={_WRITES: True})
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing, and waits for no writer."""
        with self._sessions() as session:
            yield session

    def migrate(self) -> None:
        """Bring the tables to those of this version, whichever they were; see ``migrations``."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":  # two servers may start at a time
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7077)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """End the connections."""
        self.engine.dispose()


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says: below
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes the lock at once: one that reads first and writes later would be refused
    # where another has written meanwhile (SQLITE_BUSY_SNAPSHOT).
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _cause(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error)
    return text.splitlines()[0]
