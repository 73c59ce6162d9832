"""A segment as a folder of files, never changed once written.

starts.npy  rests.npy  frames.npy  peaks.npy     the arrays of segment.py
tracks.json    name, content_hash, duration_s, first_frame and first_peak of each track, and
               the checksums (CRC-32) of the arrays' files

The checksum of tracks.json itself stands in the manifest of the index, so that no damage to a file
gives a wrong answer. It is checked whenever a segment is opened, at 2 to 4 GB/s: 0.2 to 0.3 s for
ten thousand songs (650 MiB). It is no seal: who writes the index can write its checksums, too.
"""

from __future__ import annotations

import json
import zlib
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
_BLOCK_BYTES = 1 << 20


def write_segment(segment: IndexSegment, folder: Path) -> int:
    """Write all files into a new folder; gives the checksum by which it is opened.

    Raises:
        NoPermissionError, InputError: they cannot be written.
    """
    checksums = {}
    for name in _ARRAYS:
        path = folder / f"{name}.npy"
        with atomic_file(path) as file:
            np.save(file, getattr(segment, name), allow_pickle=False)
        checksums[name] = _checksum(path)
    rows = [
        {**asdict(track), "first_frame": int(frame), "first_peak": int(peak)}
        for track, frame, peak in zip(
            segment.tracks, segment.first_frames, segment.first_peaks, strict=False
        )
    ]
    ends = {"frames": int(segment.first_frames[-1]), "peaks": int(segment.first_peaks[-1])}
    listing = json.dumps({**ends, "checksums": checksums, "tracks": rows}).encode()
    write_atomically(folder / "tracks.json", listing)
    return zlib.crc32(listing)


def open_segment(folder: Path, checksum: int) -> IndexSegment:
    """Map a segment's arrays into memory after a look that they are what was written.

    Raises:
        IndexFileError: a file is missing, was changed, or contradicts another.
    """
    try:
        listing = (folder / "tracks.json").read_bytes()
        fields: Any = json.loads(listing) if zlib.crc32(listing) == checksum else None
        changed = _changed(folder, fields)
        if changed:
            raise IndexFileError(
                f"{folder}: is a damaged segment of an index: {changed} is not what was written "
                "(its checksum differs); make the index anew"
            )
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        segment = _from_parts(arrays, fields)
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise IndexFileError(f"{folder}: is no whole segment of an index ({error})") from error
    fault = _fault(segment, arrays)
    if fault:
        raise IndexFileError(f"{folder}: is a damaged segment of an index: {fault}")
    return segment


def _changed(folder: Path, fields: Any) -> str:
    """The first file that is not what was written; '' where all are. ``fields``: tracks.json's,
    None where it is not what was written itself."""
    if fields is None:
        return "tracks.json"
    for name in _ARRAYS:
        if _checksum(folder / f"{name}.npy") != fields["checksums"][name]:
            return f"{name}.npy"
    return ""


def _checksum(path: Path) -> int:
    """CRC-32 of a file's bytes, which are read and not mapped: mapped pages count as memory."""
    value, block = 0, bytearray(_BLOCK_BYTES)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            value = zlib.crc32(memoryview(block)[:count], value)
    return value


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
