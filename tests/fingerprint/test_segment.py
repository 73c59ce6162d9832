"""A segment answers as its plain lists would, and merging keeps every posting."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodprint.fingerprint.peaks import SpectralPeaks
from moodprint.fingerprint.segment import IndexSegment, all_within, merged


def test_lookup_finds_all_keys_in_a_range(segments: list[IndexSegment]) -> None:
    segment = merged(segments)
    keys = segment.keys().astype(np.int64)
    assert (np.diff(keys) >= 0).all()
    asked = np.concatenate([keys[::7], keys[::11] + 3, [0, 2**30 - 2]])
    low, high = asked & ~3, asked | 3
    first, stop = segment.lookup(low, high)
    for at in range(len(asked)):
        assert stop[at] - first[at] == ((keys >= low[at]) & (keys <= high[at])).sum()
        assert ((keys[first[at] : stop[at]] | 3) == high[at]).all()


def test_stored_peaks_are_near_those_that_were_extracted(
    segments: list[IndexSegment], sounds: list[SpectralPeaks]
) -> None:
    stored = merged(segments).peaks_of(2)
    peaks = sounds[2].peaks
    assert len(stored) == len(peaks)
    assert np.abs(np.sort(stored.frame) - np.sort(peaks.frame)).max() <= 0.25
    assert np.abs(np.sort(stored.octave) - np.sort(peaks.octave)).max() <= 1 / 800 + 1e-6


def test_a_part_of_the_stored_peaks(segments: list[IndexSegment]) -> None:
    whole, part = segments[1].peaks_of(0), segments[1].peaks_of(0, 100, 200)
    wanted = (whole.frame >= 100) & (whole.frame < 200)
    np.testing.assert_array_equal(part.octave, whole.octave[wanted])
    assert len(segments[1].peaks_of(0, -50, -1)) == 0


def test_merging_in_any_order_of_pairs_keeps_every_posting(segments: list[IndexSegment]) -> None:
    at_once = merged(segments)
    step_by_step = merged([merged(segments[:2]), merged(segments[2:])])
    assert at_once.tracks == step_by_step.tracks
    for name in ("starts", "rests", "frames", "peaks", "first_frames", "first_peaks"):
        np.testing.assert_array_equal(getattr(at_once, name), getattr(step_by_step, name))
    assert len(at_once.frames) == sum(len(segment.frames) for segment in segments)


def test_each_frame_belongs_to_the_track_that_lies_there(segments: list[IndexSegment]) -> None:
    segment = merged(segments)
    firsts = segment.first_frames
    np.testing.assert_array_equal(segment.track_of(firsts[:-1]), range(4))
    np.testing.assert_array_equal(segment.track_of(firsts[1:] - 1), range(4))


@given(st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=20))
def test_all_within_agrees_with_loops(limits: list[tuple[int, int]]) -> None:
    first, stop = np.array(limits, np.int64).reshape(-1, 2).T
    which, numbers = all_within(first, stop)
    plain = [(at, number) for at, ends in enumerate(limits) for number in range(*ends)]
    assert list(zip(which.tolist(), numbers.tolist(), strict=True)) == plain
