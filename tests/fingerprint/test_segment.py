"""A segment answers as its plain lists would, survives disk and merging, and tells damage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moodprint.clip import Clip, FloatArray
from moodprint.errors import IndexFileError
from moodprint.fingerprint.match import Track
from moodprint.fingerprint.peaks import Heard, hear
from moodprint.fingerprint.segment import (
    Segment,
    merged,
    open_segment,
    segment_of,
    write_segment,
)


@pytest.fixture(scope="module")
def heard(make_song: Callable[..., FloatArray]) -> list[Heard]:
    return [hear(Clip(make_song(seed, 15.0), 16_000)) for seed in range(4)]


@pytest.fixture(scope="module")
def segments(heard: list[Heard]) -> list[Segment]:
    return [
        segment_of(Track(f"t{number}", str(number), each.duration_s), each)
        for number, each in enumerate(heard)
    ]


def test_lookup_finds_all_keys_in_a_range(segments: list[Segment]) -> None:
    segment = merged(segments)
    keys = segment.keys().astype(np.int64)
    assert (np.diff(keys) >= 0).all()
    asked = np.concatenate([keys[::7], keys[::11] + 3, [0, 2**30 - 2]])
    low, high = asked & ~3, asked | 3
    first, stop = segment.lookup(low, high)
    for at in range(len(asked)):
        assert stop[at] - first[at] == ((keys >= low[at]) & (keys <= high[at])).sum()
        assert ((keys[first[at] : stop[at]] | 3) == high[at]).all()


def test_stored_peaks_are_near_what_was_heard(segments: list[Segment], heard: list[Heard]) -> None:
    stored = merged(segments).peaks_of(2)
    peaks = heard[2].peaks
    assert len(stored) == len(peaks)
    assert np.abs(np.sort(stored.frame) - np.sort(peaks.frame)).max() <= 0.25
    assert np.abs(np.sort(stored.octave) - np.sort(peaks.octave)).max() <= 1 / 800 + 1e-6


def test_a_part_of_the_stored_peaks(segments: list[Segment]) -> None:
    whole, part = segments[1].peaks_of(0), segments[1].peaks_of(0, 100, 200)
    wanted = (whole.frame >= 100) & (whole.frame < 200)
    np.testing.assert_array_equal(part.octave, whole.octave[wanted])
    assert len(segments[1].peaks_of(0, -50, -1)) == 0


def test_merging_in_any_order_of_pairs_keeps_every_posting(segments: list[Segment]) -> None:
    at_once = merged(segments)
    step_by_step = merged([merged(segments[:2]), merged(segments[2:])])
    assert at_once.tracks == step_by_step.tracks
    for name in ("starts", "rests", "frames", "peaks", "first_frames", "first_peaks"):
        np.testing.assert_array_equal(getattr(at_once, name), getattr(step_by_step, name))
    assert len(at_once.frames) == sum(len(segment.frames) for segment in segments)


def test_each_frame_belongs_to_the_track_that_lies_there(segments: list[Segment]) -> None:
    segment = merged(segments)
    firsts = segment.first_frames
    np.testing.assert_array_equal(segment.track_of(firsts[:-1]), range(4))
    np.testing.assert_array_equal(segment.track_of(firsts[1:] - 1), range(4))


def test_a_sound_without_peaks_makes_a_segment(tmp_path: Path) -> None:
    silence = hear(Clip(np.zeros(16_000, np.float32), 16_000))
    segment = segment_of(Track("silence", "0", 1.0), silence)
    write_segment(segment, tmp_path / "segment")
    back = open_segment(tmp_path / "segment")
    first, stop = back.lookup(np.array([5]), np.array([9]))
    assert (first == stop).all()
    assert len(merged([back, segment]).frames) == 0


def test_disk_gives_back_what_was_written(segments: list[Segment], tmp_path: Path) -> None:
    write_segment(merged(segments), tmp_path / "segment")
    back = open_segment(tmp_path / "segment")
    assert back.tracks == merged(segments).tracks
    np.testing.assert_array_equal(back.keys(), merged(segments).keys())
    assert isinstance(back.frames, np.memmap)


def _cut(folder: Path) -> None:
    data = (folder / "frames.npy").read_bytes()
    (folder / "frames.npy").write_bytes(data[: len(data) // 2])


def _retype(folder: Path) -> None:
    np.save(folder / "rests.npy", np.load(folder / "rests.npy").astype(np.float64))


def _shorten(folder: Path) -> None:
    np.save(folder / "peaks.npy", np.load(folder / "peaks.npy")[:-3])


def _odd_starts(folder: Path) -> None:
    np.save(folder / "starts.npy", np.load(folder / "starts.npy")[:-5])


def _swapped_starts(folder: Path) -> None:
    starts = np.load(folder / "starts.npy")
    np.save(folder / "starts.npy", np.concatenate([starts[-2:0:-1], starts[:1], starts[-1:]]))


def _disorder(folder: Path) -> None:
    listing = json.loads((folder / "tracks.json").read_text())
    listing["tracks"].reverse()
    (folder / "tracks.json").write_text(json.dumps(listing))


def _pickle(folder: Path) -> None:
    np.save(folder / "frames.npy", np.array([{}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    "harm",
    [
        _cut,
        _retype,
        _shorten,
        _odd_starts,
        _swapped_starts,
        _disorder,
        _pickle,
        lambda folder: (folder / "starts.npy").unlink(),
        lambda folder: (folder / "tracks.json").write_text("{}"),
        lambda folder: (folder / "tracks.json").write_text('{"tracks": ['),
        lambda folder: (folder / "peaks.npy").write_bytes(b""),
    ],
)
def test_damage_is_told(
    segments: list[Segment], tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "segment"
    write_segment(merged(segments[:2]), folder)
    harm(folder)
    with pytest.raises(IndexFileError, match="segment"):
        open_segment(folder)
