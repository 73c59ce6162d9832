"""Windows of a query, and from what is found in each to the matches of the whole.

Any 5 s of a query lie whole in one of its windows. A match that runs on over several windows is
found in each of them; those that lie on one line are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from moodprint.fingerprint.peaks import FRAME_S, Peaks
from moodprint.fingerprint.records import Match
from moodprint.fingerprint.verify import PeakAlignment

WINDOW_S = 15.0
"""What the verification is sure of even under speech."""
HOP_S = 10.0

_SAME_PLACE_S = 0.5
"""A bin of the search's votes: joined windows agree on the place of the query in the track."""
_SAME_SPEED = 0.02
"""The step between two speeds of the search."""
_GAP_S = WINDOW_S
"""One window in which the music was drowned does not part a match."""


@dataclass(frozen=True)
class AlignedWindow:
    """A window's alignment with the track that it names by segment and number."""

    track: tuple[int, int]
    alignment: PeakAlignment


def windows(peaks: Peaks) -> Iterator[Peaks]:
    """The peaks of windows of 15 s, one every 10 s; those without a peak are left out."""
    last = float(peaks.frame[-1]) if len(peaks) else -1.0
    start, hop, width = 0.0, HOP_S / FRAME_S, WINDOW_S / FRAME_S
    while start <= last:
        window = peaks.between(start, start + width)
        if len(window):
            yield window
        if start + width > last:
            return
        start += hop


def matches_of(
    aligned: Iterable[AlignedWindow], names: Mapping[tuple[int, int], str]
) -> list[Match]:
    """Joined where they continue each other, best first, one for a place in the query and track.

    ``names``: what the tracks are called.
    """
    by_track: dict[tuple[int, int], list[Match]] = {}
    for window in aligned:
        match = _match(window.alignment, names[window.track])
        by_track.setdefault(window.track, []).append(match)
    found = [match for group in by_track.values() for match in _distinct(_joined(group))]
    return sorted(found, key=lambda match: (-match.score, match.track, match.query_offset_s))


def _match(alignment: PeakAlignment, name: str) -> Match:
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
