"""Known tracks named in a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from moodprint.files import hash_text
from moodprint.prediction import Segment, Timeline

if TYPE_CHECKING:
    from moodprint.fingerprint import Match

_LEAST_SHARE = 0.5
"""Of a segment: a track that plays in less of it may belong to the segment beside it."""

_TOUCHING_S = 1e-9
"""A segment without length is in no track."""


def with_tracks(timeline: Timeline, matches: Sequence[Match]) -> Timeline:
    """The timeline with the known track in each segment that plays in half of it or more.

    Where several are, it is the one that fills most of the segment, then the one with more
    evidence.
    """
    segments = tuple(replace(s, track=_track(s, matches)) for s in timeline.segments)
    return replace(timeline, segments=segments)


def index_state(folder: str) -> str:
    """A name for an index as it is now: its folder's, and a hash that each addition changes."""
    try:
        manifest = (Path(folder) / "manifest.json").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return folder
    return f"{Path(folder).name} {hash_text(manifest)}"


def _track(segment: Segment, matches: Sequence[Match]) -> str | None:
    best = max(matches, key=lambda match: (_shared_s(segment, match), match.score), default=None)
    least_s = _LEAST_SHARE * (segment.end_s - segment.start_s)
    if best is None or _shared_s(segment, best) < max(least_s, _TOUCHING_S):
        return None
    return best.track


def _shared_s(segment: Segment, match: Match) -> float:
    end_s = min(segment.end_s, match.query_offset_s + match.duration_s)
    return max(0.0, end_s - max(segment.start_s, match.query_offset_s))
