"""Which known track a segment is given."""

from __future__ import annotations

import pytest

from moodprint.fingerprint import Match
from moodprint.prediction import NO_MUSIC, Presence, Segment, Timeline
from moodprint.recognition.known_tracks import with_tracks


def match(track: str, begin_s: float, duration_s: float, score: float = 20.0) -> Match:
    return Match(track, 7.0, begin_s, duration_s, 1.0, 0.0, score)


def tracks(*matches: Match) -> list[str | None]:
    """The tracks of the segments 0-5, 2.5-7.5, 5-10 and 10-10 s."""
    segments = tuple(
        Segment(begin_s, end_s, Presence.MUSIC, NO_MUSIC)
        for begin_s, end_s in [(0, 5), (2.5, 7.5), (5, 10), (10, 10)]
    )
    timeline = Timeline("film.mp4", 10.0, NO_MUSIC, segments, "ear-1")
    named = with_tracks(timeline, matches)
    assert (named.source, named.duration_s, named.model) == ("film.mp4", 10.0, "ear-1")
    return [segment.track for segment in named.segments]


@pytest.mark.parametrize(
    ("matches", "names"),
    [
        ([], [None, None, None, None]),
        ([match("a", 0, 10)], ["a", "a", "a", None]),
        ([match("a", 0, 5)], ["a", "a", None, None]),
        ([match("a", 0, 2.4)], [None, None, None, None]),
        ([match("a", 0, 5), match("b", 5, 5)], ["a", "a", "b", None]),
        ([match("a", 0, 5, score=10), match("b", 5, 5, score=30)], ["a", "b", "b", None]),
        ([match("a", 20, 5)], [None, None, None, None]),
    ],
)
def test_a_segment_gets_the_track_that_fills_it(matches: list[Match], names: list) -> None:
    assert tracks(*matches) == names
