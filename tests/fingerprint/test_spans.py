"""Windows that continue each other become one match; what hides under a better one goes."""

from __future__ import annotations

import pytest

from moodprint.fingerprint.peaks import FRAME_S
from moodprint.fingerprint.records import Match
from moodprint.fingerprint.spans import Stretch, matches_of
from moodprint.fingerprint.verify import Alignment

NAMES = {(0, 0): "a", (0, 1): "b"}


def stretch(
    first_s: float, last_s: float, start_s: float, score: float, speed: float = 1.0, track: int = 0
) -> Stretch:
    frames = [second / FRAME_S for second in (start_s, first_s, last_s)]
    return Stretch((0, track), Alignment(speed, frames[0], 0.0, frames[1], frames[2], score))


def spans(matches: list[Match]) -> list[tuple[str, float, float]]:
    return [
        (m.track, round(m.query_offset_s, 1), round(m.query_offset_s + m.duration_s, 1))
        for m in matches
    ]


def test_windows_on_one_line_are_joined() -> None:
    windows = [stretch(at, at + 15, 30, 50 + at) for at in (0, 10, 20)]
    (match,) = matches_of(windows, NAMES)
    assert spans([match]) == [("a", 0, 35)]
    assert match.track_offset_s == pytest.approx(30)
    assert match.score == 70


def test_a_speed_keeps_its_line() -> None:
    windows = [stretch(0, 15, 5, 50, 1.08), stretch(10, 25, 5, 40, 1.08)]
    (match,) = matches_of(windows, NAMES)
    assert match.track_offset_s == pytest.approx(5)
    assert match.speed == 1.08


def test_another_place_of_the_track_is_another_match() -> None:
    matches = matches_of([stretch(0, 15, 30, 50), stretch(20, 35, 100, 60)], NAMES)
    assert spans(matches) == [("a", 20, 35), ("a", 0, 15)]


def test_a_weaker_place_in_the_same_stretch_goes() -> None:
    matches = matches_of([stretch(0, 15, 30, 50), stretch(1, 14, 90, 20)], NAMES)
    assert [match.score for match in matches] == [50]


def test_two_tracks_may_share_a_stretch() -> None:
    matches = matches_of([stretch(0, 15, 30, 50), stretch(0, 15, 9, 60, track=1)], NAMES)
    assert [match.track for match in matches] == ["b", "a"]


def test_a_long_gap_parts_matches() -> None:
    assert len(matches_of([stretch(0, 10, 0, 50), stretch(60, 75, 0, 50)], NAMES)) == 2


def test_the_promised_fields_are_rounded() -> None:
    match = Match("a", 1.23456, 0.0004, 9.0, 1.080049, 0.0, 51.239)
    assert match.to_dict() == {
        "track": "a",
        "track_offset_s": 1.235,
        "query_offset_s": 0.0,
        "speed": 1.08,
        "score": 51.24,
    }
