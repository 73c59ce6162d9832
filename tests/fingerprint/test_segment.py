"""A segment answers as its plain lists would, and merging keeps every posting."""

from __future__ import annotations

import numpy as np

from moodprint.fingerprint.peaks import SpectralPeaks
from moodprint.fingerprint.segment import IndexSegment, merged


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


def test_stored_peaks_are_near_what_was_heard(
    segments: list[IndexSegment], heard: list[SpectralPeaks]
) -> None:
    stored = merged(segments).peaks_of(2)
    peaks = heard[2].peaks
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
