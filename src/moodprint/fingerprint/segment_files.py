"""A segment as a folder of files, never changed once written.

starts.npy  rests.npy  frames.npy  peaks.npy     the arrays of segment.py
tracks.json    name, content_hash, duration_s, first_frame and first_peak of each track
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.errors import IndexFileError
from moodprint.files import atomic_file, write_atomically
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.segment import IndexSegment

_ARRAYS = {
    "starts": np.uint32,
    "rests": np.uint16,
    "frames": np.uint32,
    "peaks": np.uint32,
}


def write_segment(segment: IndexSegment, folder: Path) -> None:
    """Write all files into a new folder."""
    folder.mkdir(parents=True)
    for name in _ARRAYS:
        with atomic_file(folder / f"{name}.npy") as file:
            np.save(file, getattr(segment, name), allow_pickle=False)
    rows = [
        {**asdict(track), "first_frame": int(frame), "first_peak": int(peak)}
        for track, frame, peak in zip(
            segment.tracks, segment.first_frames, segment.first_peaks, strict=False
        )
    ]
    ends = {"frames": int(segment.first_frames[-1]), "peaks": int(segment.first_peaks[-1])}
    write_atomically(folder / "tracks.json", json.dumps({**ends, "tracks": rows}))


def open_segment(folder: Path) -> IndexSegment:
    """Map a segment's arrays into memory after a look that they fit together.

    Raises:
        IndexFileError: a file is missing, cut short, of another type, or contradicts another.
    """
    try:
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        listing = json.loads((folder / "tracks.json").read_text(encoding="utf-8"))
        segment = _from_parts(arrays, listing)
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise IndexFileError(f"{folder}: is no whole segment of an index ({error})") from error
    fault = _fault(segment, arrays)
    if fault:
        raise IndexFileError(f"{folder}: is a damaged segment of an index: {fault}")
    return segment


def _from_parts(arrays: dict[str, Any], listing: dict[str, Any]) -> IndexSegment:
    rows = listing["tracks"]
    return IndexSegment(
        tuple(IndexedTrack(row["name"], row["content_hash"], row["duration_s"]) for row in rows),
        np.array([*(row["first_frame"] for row in rows), listing["frames"]], np.int64),
        np.array([*(row["first_peak"] for row in rows), listing["peaks"]], np.int64),
        **arrays,
    )


def _fault(segment: IndexSegment, arrays: dict[str, Any]) -> str:
    """What is wrong with a segment's arrays; '' where they fit together."""
    for name, kind in _ARRAYS.items():
        if arrays[name].dtype != kind or arrays[name].ndim != 1:
            return f"{name}.npy holds {arrays[name].dtype} {arrays[name].shape}"
    prefixes = len(segment.starts) - 1
    if prefixes < 2 or prefixes & (prefixes - 1):
        return f"starts.npy has {prefixes + 1} entries"
    if (segment.starts[1:] < segment.starts[:-1]).any():
        return "starts.npy is not in order"
    if not int(segment.starts[-1]) == len(segment.rests) == len(segment.frames):
        return "starts, rests and frames disagree about the number of postings"
    if int(segment.first_peaks[-1]) != len(segment.peaks):
        return "tracks.json and peaks.npy disagree about the number of peaks"
    if (np.diff(segment.first_frames) <= 0).any() or (np.diff(segment.first_peaks) < 0).any():
        return "the tracks in tracks.json are not in order"
    return ""
