"""Windows that continue each other become one match; what hides under a better one goes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.fingerprint.peaks import FRAME_S, Peaks
from moodprint.fingerprint.records import Match
from moodprint.fingerprint.verify import PeakAlignment
from moodprint.fingerprint.windows import HOP_S, WINDOW_S, AlignedWindow, matches_of, windows

NAMES = {(0, 0): "a", (0, 1): "b"}


def window(
    first_s: float, last_s: float, start_s: float, score: float, speed: float = 1.0, track: int = 0
) -> AlignedWindow:
    frames = [second / FRAME_S for second in (start_s, first_s, last_s)]
    return AlignedWindow(
        (0, track), PeakAlignment(speed, frames[0], 0.0, frames[1], frames[2], score)
    )


def spans(matches: list[Match]) -> list[tuple[str, float, float]]:
    return [
        (m.track, round(m.query_offset_s, 1), round(m.query_offset_s + m.duration_s, 1))
        for m in matches
    ]


def test_windows_on_one_line_are_joined() -> None:
    found = [window(at, at + 15, 30, 50 + at) for at in (0, 10, 20)]
    (match,) = matches_of(found, NAMES)
    assert spans([match]) == [("a", 0, 35)]
    assert match.track_offset_s == pytest.approx(30)
    assert match.score == 70


def test_a_speed_keeps_its_line() -> None:
    found = [window(0, 15, 5, 50, 1.08), window(10, 25, 5, 40, 1.08)]
    (match,) = matches_of(found, NAMES)
    assert match.track_offset_s == pytest.approx(5)
    assert match.speed == 1.08


def test_another_place_of_the_track_is_another_match() -> None:
    matches = matches_of([window(0, 15, 30, 50), window(20, 35, 100, 60)], NAMES)
    assert spans(matches) == [("a", 20, 35), ("a", 0, 15)]


def test_a_weaker_place_in_the_same_stretch_goes() -> None:
    matches = matches_of([window(0, 15, 30, 50), window(1, 14, 90, 20)], NAMES)
    assert [match.score for match in matches] == [50]


def test_two_tracks_may_share_a_window() -> None:
    matches = matches_of([window(0, 15, 30, 50), window(0, 15, 9, 60, track=1)], NAMES)
    assert [match.track for match in matches] == ["b", "a"]


def test_a_long_gap_parts_matches() -> None:
    assert len(matches_of([window(0, 10, 0, 50), window(60, 75, 0, 50)], NAMES)) == 2


@given(st.lists(st.floats(0, 4000), max_size=60))
def test_any_five_seconds_lie_whole_in_one_window(frames: list[float]) -> None:
    frame = np.sort(np.array(frames, np.float32))
    peaks = Peaks(frame, np.zeros_like(frame))
    cut = [window.frame for window in windows(peaks)]
    assert {*frame} == {one for window in cut for one in window}
    assert all(np.ptp(window) * FRAME_S < WINDOW_S for window in cut)
    for at in frame:
        near = frame[(frame >= at) & (frame < at + (WINDOW_S - HOP_S) / FRAME_S)]
        assert any(np.isin(near, window).all() for window in cut)


def test_a_sound_without_peaks_has_no_windows() -> None:
    nothing = np.zeros(0, np.float32)
    assert list(windows(Peaks(nothing, nothing))) == []


@given(st.permutations([window(at, at + 15, 30, 50 + at) for at in range(0, 50, 10)]))
def test_the_order_in_which_windows_are_found_does_not_matter(found: list[AlignedWindow]) -> None:
    assert spans(matches_of(found, NAMES)) == [("a", 0, 55)]
