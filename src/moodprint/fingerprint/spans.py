"""From alignments of windows of a query to the matches of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from moodprint.fingerprint.peaks import FRAME_S
from moodprint.fingerprint.records import Match
from moodprint.fingerprint.verify import Alignment

_SAME_PLACE_S = 0.5
_SAME_SPEED = 0.02
_GAP_S = 15.0


@dataclass(frozen=True)
class Stretch:
    """An alignment with the track that it names by segment and number."""

    track: tuple[int, int]
    alignment: Alignment


def matches_of(stretches: Iterable[Stretch], names: dict[tuple[int, int], str]) -> list[Match]:
    """Joined where they continue each other, best first, one for a place in the query and track."""
    by_track: dict[tuple[int, int], list[Match]] = {}
    for stretch in stretches:
        match = _match(stretch.alignment, names[stretch.track])
        by_track.setdefault(stretch.track, []).append(match)
    found = [match for group in by_track.values() for match in _distinct(_joined(group))]
    return sorted(found, key=lambda match: (-match.score, match.track, match.query_offset_s))


def _match(alignment: Alignment, name: str) -> Match:
    first, last = alignment.first_frame, alignment.last_frame
    return Match(
        track=name,
        track_offset_s=max(0.0, (first * alignment.speed + alignment.start_frame) * FRAME_S),
        query_offset_s=first * FRAME_S,
        duration_s=(last - first) * FRAME_S,
        speed=alignment.speed,
        pitch_semitones=12 * alignment.shift_octaves,
        score=alignment.score,
    )


def _joined(matches: list[Match]) -> list[Match]:
    """Matches of one track with those put together that lie on one line."""
    joined: list[Match] = []
    for match in sorted(matches, key=lambda match: match.query_offset_s):
        at = next((i for i, other in enumerate(joined) if _continues(other, match)), None)
        if at is None:
            joined.append(match)
        else:
            joined[at] = _union(joined[at], match)
    return joined


def _continues(first: Match, second: Match) -> bool:
    if abs(first.speed - second.speed) > _SAME_SPEED:
        return False
    gap_s = second.query_offset_s - first.query_offset_s - first.duration_s
    speed = (first.speed + second.speed) / 2
    expected_s = first.track_offset_s + speed * (second.query_offset_s - first.query_offset_s)
    return gap_s <= _GAP_S and abs(second.track_offset_s - expected_s) <= _SAME_PLACE_S


def _union(first: Match, second: Match) -> Match:
    """The span of both, with the best one's fit."""
    best = max(first, second, key=lambda match: match.score)
    end_s = max(first.query_offset_s + first.duration_s, second.query_offset_s + second.duration_s)
    return replace(
        best,
        track_offset_s=first.track_offset_s,
        query_offset_s=first.query_offset_s,
        duration_s=end_s - first.query_offset_s,
    )


def _distinct(matches: list[Match]) -> list[Match]:
    """Without those that mostly lie under a better match of the same track in the query."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: -match.score):
        if all(_overlap_s(match, other) < match.duration_s / 2 for other in kept):
            kept.append(match)
    return kept


def _overlap_s(first: Match, second: Match) -> float:
    end_s = min(first.query_offset_s + first.duration_s, second.query_offset_s + second.duration_s)
    return end_s - max(first.query_offset_s, second.query_offset_s)
