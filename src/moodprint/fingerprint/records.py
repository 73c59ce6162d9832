"""What an index knows of a track, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any


@dataclass(frozen=True)
class IndexedTrack:
    """An indexed file: its name, the blake2b hash of its bytes in hex, and its length."""

    name: str
    content_hash: str
    duration_s: float


@dataclass(frozen=True)
class Match:
    """A stretch of a query that is also a stretch of a known track.

    ``track_offset_s`` and ``query_offset_s`` say where it begins in each; ``duration_s`` is its
    length on the query's clock. ``speed`` is the query's tempo over the track's (1.08: the query
    plays 8 % faster) and ``pitch_semitones`` how much higher the query sounds. ``score`` is the
    evidence in decades: log10 of how many times likelier the common peaks are if this is the same
    recording than if it is chance.
    """

    track: str
    track_offset_s: float
    query_offset_s: float
    duration_s: float
    speed: float
    pitch_semitones: float
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The fields that ``moodprint match query`` promises."""
        return {
            "track": self.track,
            "track_offset_s": round(self.track_offset_s, 3),
            "query_offset_s": round(self.query_offset_s, 3),
            "speed": round(self.speed, 4),
            "score": round(self.score, 2),
        }


@dataclass(frozen=True)
class AddReport:
    """What became of the files handed to ``MatchIndex.add``: their paths, in order.

    ``known`` were in the index already, by content. ``failed`` says why beside the path,
    ``warnings`` what was odd about one that was decoded all the same.
    """

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, reports: Sequence[AddReport]) -> AddReport:
        """Several as one, in their order."""
        names = [each.name for each in fields(cls)]
        return cls(*(tuple(chain(*(getattr(one, name) for one in reports))) for name in names))
