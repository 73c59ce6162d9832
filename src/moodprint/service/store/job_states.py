"""Analyses as the jobs change them: by key, for all files that wait for the same answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from moodprint.prediction import Timeline
from moodprint.service.store.database import Database
from moodprint.service.store.summary import summary_of
from moodprint.service.store.tables import ACTIVE, Analysis, State, now

_ANSWER_FIELDS = (
    *("media_type", "duration_s", "emotion", "confidence", "abstained", "shares", "presence"),
    *("outline", "answer"),
)


class JobStates:
    """Where the jobs of a database's analyses stand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def active_keys(self) -> dict[str, str]:
        """Keys that somebody waits for, with the content of each."""
        with self._database.reading() as session:
            active = sa.select(Analysis.key, Analysis.content).where(Analysis.state.in_(ACTIVE))
            return {key: content for key, content in session.execute(active)}  # noqa: C416

    def begin(self, key: str) -> str | None:
        """The job of a key begins: the content to analyse, None where nobody waits for it."""
        with self._database.writing() as session:
            waiting = _waiting(session, key)
            for analysis in waiting:
                analysis.state, analysis.progress = State.RUNNING, 0.0
                analysis.started_at = analysis.changed_at = now()
            return waiting[0].content if waiting else None

    def report(self, key: str, progress: float) -> bool:
        """How far the job of a key is, in [0, 1]; whether anybody still waits for it."""
        with self._database.writing() as session:
            waiting = _waiting(session, key)
            for analysis in waiting:
                analysis.progress, analysis.changed_at = progress, now()
            return bool(waiting)

    def finish(self, key: str, timeline: Timeline, media_type: str) -> None:
        """The answer of a key, for all that wait for it."""
        fields = {**summary_of(timeline), "media_type": media_type, "answer": timeline.to_dict()}
        self._end(key, lambda analysis: _set(analysis, State.DONE, fields))

    def fail(self, key: str, code: str, error: str) -> None:
        """Why a key has no answer, for all that wait for it."""
        fields = {"error_code": code, "error": error}
        self._end(key, lambda analysis: _set(analysis, State.FAILED, fields))

    def take_known_answer(self, key: str) -> bool:
        """Give the answer of a key that is known to all that still wait; whether it is known."""
        with self._database.writing() as session:
            return all(take_known_answer(session, each) for each in _waiting(session, key))

    def _end(self, key: str, change: Callable[[Analysis], None]) -> None:
        with self._database.writing() as session:
            for analysis in _waiting(session, key):
                change(analysis)


def take_known_answer(session: Session, analysis: Analysis) -> bool:
    """Give an analysis the answer of another of the same key; whether there is one."""
    done = sa.select(Analysis).where(Analysis.key == analysis.key, Analysis.state == State.DONE)
    known = session.scalar(done.limit(1))
    if known is None:
        return False
    _set(analysis, State.DONE, {name: getattr(known, name) for name in _ANSWER_FIELDS})
    return True


def _waiting(session: Session, key: str) -> list[Analysis]:
    waiting = sa.select(Analysis).where(Analysis.key == key, Analysis.state.in_(ACTIVE))
    return list(session.scalars(waiting.with_for_update()))


def _set(analysis: Analysis, state: State, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(analysis, name, value)
    analysis.state, analysis.progress = state, 1.0
    analysis.finished_at = analysis.changed_at = now()
