"""Pieces of music that were asked for, as calls and jobs see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from moodprint.plain_text import one_line
from moodprint.service.problems import Problem
from moodprint.service.store.database import Database
from moodprint.service.store.media import StoredMedia
from moodprint.service.store.tables import ACTIVE, MadePiece, State, now

MOST_LISTED = 200
_WORDS = 300


class Pieces:
    """The pieces in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, wish: dict[str, Any]) -> MadePiece:
        """A new one, queued."""
        with self._database.writing() as session:
            piece = MadePiece(wish=wish)
            session.add(piece)
            session.flush()
        return piece

    def get(self, piece_id: str) -> MadePiece:
        """Raises Problem (404) where there is none of that id."""
        with self._database.reading() as session:
            return _found(session, piece_id)

    def newest(self) -> Sequence[MadePiece]:
        """The last ``MOST_LISTED``."""
        with self._database.reading() as session:
            newest = sa.select(MadePiece).order_by(MadePiece.created_at.desc(), MadePiece.id)
            return session.scalars(newest.limit(MOST_LISTED)).all()

    def count(self) -> int:
        """Of all pieces."""
        with self._database.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(MadePiece)) or 0

    def active(self) -> list[str]:
        """The ids of those that are not ended."""
        with self._database.reading() as session:
            return list(session.scalars(sa.select(MadePiece.id).where(MadePiece.state.in_(ACTIVE))))

    def cancel(self, piece_id: str) -> MadePiece:
        """Wanted no more; what has ended stays as it is. Raises Problem (404)."""
        with self._database.writing() as session:
            piece = _found(session, piece_id)
            if piece.state in ACTIVE:
                piece.state, piece.changed_at = State.CANCELLED, now()
        return piece

    def remove(self, piece_id: str) -> MadePiece:
        """Remove it; what it was. Raises Problem (404)."""
        with self._database.writing() as session:
            piece = _found(session, piece_id)
            session.delete(piece)
        return piece

    def begin(self, piece_id: str) -> MadePiece | None:
        """Its job begins; None where nobody waits for it any more."""
        return self._change(piece_id, state=State.RUNNING, progress=0.0)

    def report(self, piece_id: str, progress: float) -> bool:
        """How far its job is, in [0, 1]; whether anybody still waits for it."""
        return self._change(piece_id, progress=progress) is not None

    def finish(
        self,
        piece_id: str,
        media: StoredMedia,
        description: dict[str, Any],
        understood: Sequence[str],
    ) -> bool:
        """It is made; whether anybody still waits for it."""
        fields = {"content": media.content, "size_bytes": media.size_bytes}
        done = self._change(
            piece_id,
            state=State.DONE,
            progress=1.0,
            description=description,
            understood=list(understood),
            **fields,
        )
        return done is not None

    def fail(self, piece_id: str, code: str, error: str) -> None:
        """Why there will be none."""
        words = one_line(error)[:_WORDS]
        self._change(piece_id, state=State.FAILED, error_code=code, error=words)

    def _change(self, piece_id: str, **fields: Any) -> MadePiece | None:
        with self._database.writing() as session:
            piece = session.get(MadePiece, piece_id, with_for_update=True)
            if piece is None or piece.state not in ACTIVE:
                return None
            for name, value in fields.items():
                setattr(piece, name, value)
            piece.changed_at = now()
        return piece


def _found(session: Session, piece_id: str) -> MadePiece:
    piece = session.get(MadePiece, piece_id)
    if piece is None:
        raise Problem(404, "no-such-piece", "No such piece of music.")
    return piece
