"""The tables of the service's database, as classes."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DEFAULT_COLLECTION = "files"
"""The collection of files that were put in none."""


class State(StrEnum):
    """Where an analysis stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.QUEUED, State.RUNNING)
"""States that pass into others by themselves."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite gives moments back without their zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; one without a zone is taken to be there already."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone."""
        del dialect
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A name of our own that nobody can guess: 32 hexadecimal digits."""
    return uuid4().hex


class Base(DeclarativeBase):
    """What the tables share."""


class Collection(Base):
    """Files that belong together: a campaign."""

    __tablename__ = "collections"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sharing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Who shares music with whom: see ``overview.SharedMusic``; None before it was looked for."""
    sharing_state: Mapped[str | None] = mapped_column(String(10))


class Analysis(Base):
    """A file of a collection, and what was heard in it.

    ``content`` is the SHA-256 of its bytes; ``key`` that of its content, of the options and of the
    model: what has the same key has the same answer, and is analysed once.
    """

    __tablename__ = "analyses"
    __table_args__ = (
        Index("analyses_of_collection", "collection_id", "created_at"),
        Index("one_answer_a_collection", "collection_id", "key", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(300))
    content: Mapped[str] = mapped_column(String(64), index=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default=State.QUEUED, index=True)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(300))
    media_type: Mapped[str | None] = mapped_column(String(60))
    duration_s: Mapped[float | None]
    emotion: Mapped[str | None] = mapped_column(String(10))
    confidence: Mapped[float | None]
    abstained: Mapped[bool | None]
    shares: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True))
    """Of the music's time, by emotion, and ``unsure``: see ``prediction.Timeline.shares``."""
    presence: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True))
    """Of the file's time: music, speech, silence, other."""
    outline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What lists and overviews draw of the answer: see ``outline.outline_of``."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """``Timeline.to_dict``."""


class Fetch(Base):
    """Files that the service brings in by itself: those of a folder on its machine, or what lies at
    a web address."""

    __tablename__ = "fetches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    collection_id: Mapped[str] = mapped_column(
        ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    """``folder`` or ``web``."""
    source: Mapped[str] = mapped_column(Text)
    """The path, as it was given; or the address."""
    state: Mapped[str] = mapped_column(String(10), default=State.QUEUED, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    found: Mapped[int | None]
    """How many files there are; None before that is known."""
    taken: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Files that were not taken in, each with why; the first hundred."""
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(300))


class MadePiece(Base):
    """Music that was asked for, and made by a job: a file in the store of media when it is done."""

    __tablename__ = "pieces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was asked: the fields of ``schemas.NewPiece``."""
    state: Mapped[str] = mapped_column(String(10), default=State.QUEUED, index=True)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    content: Mapped[str | None] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    description: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What was made: see ``synthetic.pieces.Piece``."""
    understood: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(300))


class Correction(Base):
    """What a person says of a stretch: an emotion, or that there is no music."""

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    analysis_id: Mapped[str] = mapped_column(
        ForeignKey("analyses.id", ondelete="CASCADE"), index=True
    )
    start_s: Mapped[float]
    end_s: Mapped[float]
    label: Mapped[str] = mapped_column(String(10))
    """One of the five emotions, or ``no-music``."""
    note: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ApiKey(Base):
    """A key for callers of other machines; of the key itself only its SHA-256 is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(5))
    """``read``, or ``write``, which may read too."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class WorkerBeat(Base):
    """A worker that does jobs, and when it last said that it lives."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
