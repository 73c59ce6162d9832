"""A database without tables, of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest

from moodprint.service.store.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
        yield opened
        opened.close()
        return
    binaries = postgres.programs()
    if binaries is None:
        pytest.skip("no PostgreSQL here: scripts/install-system brings it")
    with postgres.running(binaries) as address:
        opened = Database(address.replace("postgresql://", "postgresql+psycopg://"))
        yield opened
        opened.close()
