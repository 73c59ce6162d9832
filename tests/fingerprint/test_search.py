"""Candidates: the places at which triples agree, whatever the speed and pitch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from moodprint.clip import Clip, FloatArray
from moodprint.fingerprint.peaks import FRAME_S, Peaks, extract_peaks
from moodprint.fingerprint.search import HYPOTHESES, candidates
from moodprint.fingerprint.segment import IndexSegment, merged

RATE_HZ = 16_000
MakeSong = Callable[..., FloatArray]


def window_of(make_song: MakeSong, seed: int, start_s: float) -> Peaks:
    """The peaks of ten seconds of a song that the segments hold."""
    samples = make_song(seed, 15.0)[int(start_s * RATE_HZ) : int((start_s + 10) * RATE_HZ)]
    return extract_peaks(Clip(samples, RATE_HZ)).peaks


@pytest.mark.parametrize("seed", range(4))
def test_the_true_place_has_the_most_votes(
    segments: list[IndexSegment], make_song: MakeSong, seed: int
) -> None:
    best = candidates(window_of(make_song, seed, 3.2), (merged(segments),))[0]
    assert best.track == seed
    assert best.start_frame * FRAME_S == pytest.approx(3.2, abs=0.6)
    assert (best.hypothesis.speed, best.hypothesis.shift_octaves) == (1.0, 0.0)
    assert best.votes > 20


def test_a_track_is_named_by_its_segment_and_number(
    segments: list[IndexSegment], make_song: MakeSong
) -> None:
    window = window_of(make_song, 3, 2.0)
    two = (merged(segments[:2]), merged(segments[2:]))
    best = candidates(window, two)[0]
    assert (best.segment, best.track) == (1, 1)
    assert best.votes == candidates(window, (merged(segments),))[0].votes


def test_candidates_are_few_and_best_first(
    segments: list[IndexSegment], make_song: MakeSong
) -> None:
    found = candidates(window_of(make_song, 1, 1.0), (merged(segments),))
    votes = [candidate.votes for candidate in found]
    assert votes == sorted(votes, reverse=True)
    assert 1 <= len(found) <= 48


def test_a_place_is_named_at_most_twice(segments: list[IndexSegment], make_song: MakeSong) -> None:
    found = candidates(window_of(make_song, 2, 4.0), (merged(segments),))
    places = [(c.segment, c.track, round(c.start_frame / 40)) for c in found]
    assert max(places.count(place) for place in places) <= 2


def test_every_speed_and_shift_that_is_promised_is_tried() -> None:
    speeds = sorted({hypothesis.speed for hypothesis in HYPOTHESES})
    assert (speeds[0], speeds[-1]) == (0.9, 1.1)
    assert np.diff(speeds) == pytest.approx([0.02] * 10)
    pitched = sorted(h.shift_octaves * 12 for h in HYPOTHESES if h.speed == 1.0)
    assert pitched == pytest.approx(np.arange(-2, 2.5, 0.5))
    for speed in speeds:
        shifts = [h.shift_octaves for h in HYPOTHESES if h.speed == speed]
        assert 0.0 in shifts  # stretched at constant pitch
        assert pytest.approx(np.log2(speed)) in shifts  # resampled


def test_nothing_is_found_with_nothing(segments: list[IndexSegment]) -> None:
    nothing = Peaks(np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert candidates(nothing, (merged(segments),)) == []
    lone = Peaks(np.array([3.0], np.float32), np.array([1.0], np.float32))
    assert candidates(lone, (merged(segments),)) == []
