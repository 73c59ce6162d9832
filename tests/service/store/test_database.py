"""The tables, and how older ones are brought to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import moodprint.service
from moodprint.errors import OptionError
from moodprint.service.store.catalogue import Catalogue
from moodprint.service.store.database import Database
from moodprint.service.store.media import StoredMedia
from moodprint.service.store.tables import Analysis, Base
from moodprint.service.store.worker_beats import WorkerBeats


def test_migrations_lead_to_the_tables_of_the_classes(database: Database) -> None:
    database.migrate()
    database.migrate()
    with database.engine.connect() as connection:
        assert not compare_metadata(MigrationContext.configure(connection), Base.metadata)


def _insert_as_then(connection: sa.Connection) -> None:
    """A collection with a file, in the columns of the first version."""
    tables = sa.MetaData()
    tables.reflect(connection)
    fields = {"created_at": datetime.now(UTC), "name": "song.mp3"}
    connection.execute(tables.tables["collections"].insert().values(id="c", **fields))
    fields |= {"changed_at": fields["created_at"], "collection_id": "c", "state": "queued"}
    row = {"id": "1", "content": "a" * 64, "key": "k" * 64, "size_bytes": 10, "progress": 0.0}
    connection.execute(tables.tables["analyses"].insert().values(**row, **fields))


def test_what_an_older_version_kept_is_there_after_an_upgrade(database: Database) -> None:
    config = Config()
    folder = Path(moodprint.service.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        _insert_as_then(connection)
    assert "workers" not in sa.inspect(database.engine).get_table_names()
    database.migrate()
    kept = Catalogue(database).analysis("1")
    assert (kept.name, kept.outline) == ("song.mp3", None)
    WorkerBeats(database).beat("one")


def test_moments_come_back_in_utc(database: Database) -> None:
    database.migrate()
    catalogue = Catalogue(database)
    kept = catalogue.add(StoredMedia("a" * 64, 10), "a", None, "k" * 64)
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        session.get_one(Analysis, kept.id).created_at = noon
    found = catalogue.analysis(kept.id).created_at
    assert found == noon
    assert found.tzinfo is UTC or found.utcoffset() is not None


def test_a_lost_worker_is_given_to_one_alone(database: Database) -> None:
    database.migrate()
    beats = WorkerBeats(database)
    beats.beat("one")
    beats.beat("one")
    assert beats.lost(60) == []
    assert beats.lost(-1) == ["one"]
    assert beats.lost(-1) == []


@pytest.mark.parametrize(
    "url", ["sqlite:////none/a.sqlite", "postgresql+psycopg://127.0.0.1:1/x", "mysql://x/y"]
)
def test_a_database_that_cannot_be_had_is_told_in_a_line(url: str) -> None:
    with pytest.raises(OptionError, match="cannot be opened") as error:
        Database(url)
    assert "\n" not in str(error.value)
