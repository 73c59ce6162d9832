"""The outlines of answers in a database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from filled_service import fill

from moodprint.service.overview import Glance
from moodprint.service.store.database import Database
from moodprint.service.store.outlines import add_missing_outlines, outlines_of
from moodprint.service.store.tables import Analysis


def test_answers_from_before_get_theirs(database: Database) -> None:
    database.migrate()
    collection = fill(database, 11)
    before = outlines_of(database, collection)
    with database.writing() as session:
        session.execute(sa.update(Analysis).values(outline=sa.null()))
        session.execute(
            sa.update(Analysis)
            .where(Analysis.name == "folder/0002.mp4")
            .values(outline={"stretches": []})
        )
    assert len(outlines_of(database, collection)) == 1
    add_missing_outlines(database)
    again = outlines_of(database, collection)
    assert len(again) == 10, "one failed"
    for old, new in zip(before, again, strict=True):
        assert (new.id, new.outline["stretches"]) == (old.id, old.outline["stretches"])
        assert new.outline["mood_s"] == pytest.approx(old.outline["mood_s"])


def test_a_glance_reads_no_answer(database: Database) -> None:
    database.migrate()
    collection = fill(database, 30)
    asked: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    glance = Glance(outlines_of(database, collection))
    [query] = [each for each in asked if "FROM analyses" in each]
    assert "answer" not in query
    assert len(glance.rows) == 27
    assert sum(glance.shares.values()) == pytest.approx(1)
    assert glance.music_s <= glance.duration_s
    for emotion, moments in glance.moments.items():
        assert len(moments) <= 5
        assert len({moment.analysis for moment in moments}) == len(moments), emotion
        assert sorted(moments, key=lambda each: -each.probability) == moments
