"""A segment of an index: some tracks with their sorted triples and their peaks.

The arrays lie in memory, or in files that are mapped into it (segment_files.py).

All tracks of a segment lie behind each other on one axis of frames, so that a posting is one
number: the frame of its anchor. A posting takes 6 bytes and a peak 4:

    starts     uint32 [2^b + 1]   where the postings of each key prefix of b bits begin
    rests      uint16 [K]         the other bits of the keys, sorted within a prefix
    frames     uint32 [K]         frames of the anchors on the segment's axis
    peaks      uint32 [P]         half-frame in the track (21 bits), 1/400 octave (11 bits)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.fingerprint.peaks import FRAME_S, Peaks, SpectralPeaks
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.triples import KEY_BITS, PITCH_BITS, IntArray, triples_of

FAN_OUT = 2
"""Of the next peaks in an anchor's zone the index takes the first two: one triple an anchor."""

_FEWEST_PREFIX_BITS = KEY_BITS - 16
"""So that the rest of a key fits into a uint16."""
_MOST_PREFIX_BITS = KEY_BITS - PITCH_BITS
"""So that the keys of one shape at neighbouring pitches, which are looked up as a range, lie within
one prefix."""
_FRAME_STEPS = 2
"""A peak's time is kept to 16 ms, half of what `verify` allows it to be off."""
_FRAME_BITS = 21
_LAST_FRAME = 2**_FRAME_BITS // _FRAME_STEPS - 1
"""Nine hours and a quarter."""
_OCTAVE_STEPS = 400
"""A peak's pitch is kept to 3 cents."""
_OCTAVE_ZERO = -0.2
_OCTAVE_BITS = 11
"""With that zero and these steps, from -0.2 to 4.9 octaves: all that peaks have."""


@dataclass(frozen=True)
class IndexSegment:
    """See the module. ``first_frames`` and ``first_peaks`` int64 hold one more than the tracks."""

    tracks: tuple[IndexedTrack, ...]
    first_frames: IntArray
    first_peaks: IntArray
    starts: npt.NDArray[np.uint32]
    rests: npt.NDArray[np.uint16]
    frames: npt.NDArray[np.uint32]
    peaks: npt.NDArray[np.uint32]

    @property
    def rest_bits(self) -> int:
        """How many bits of a key stand in ``rests``."""
        return KEY_BITS - int(math.log2(len(self.starts) - 1))

    def keys(self) -> npt.NDArray[np.uint32]:
        """The sorted keys [K] of all postings."""
        prefixes = np.repeat(
            np.arange(len(self.starts) - 1, dtype=np.uint32), self.starts[1:] - self.starts[:-1]
        )
        return prefixes << np.uint32(self.rest_bits) | self.rests

    def lookup(self, low: IntArray, high: IntArray) -> tuple[IntArray, IntArray]:
        """Positions [L] of the first posting with a key >= low, and past the last <= high.

        Each pair of keys must differ in their lowest bits only, within one prefix.
        """
        prefix = low >> self.rest_bits
        begin = self.starts[prefix].astype(np.int64)
        end = self.starts[prefix + 1].astype(np.int64)
        mask = (1 << self.rest_bits) - 1
        first = _bisect(self.rests, begin, end, low & mask)
        return first, _bisect(self.rests, first, end, (high & mask) + 1)

    def track_of(self, frames: IntArray) -> IntArray:
        """Which track lies at each frame of the axis."""
        return np.searchsorted(self.first_frames, frames, side="right") - 1

    def peaks_of(self, track: int, start: float = 0.0, stop: float = math.inf) -> Peaks:
        """The peaks of a track within frames [start, stop), counted from its beginning."""
        packed = self.peaks[self.first_peaks[track] : self.first_peaks[track + 1]]
        limits = np.clip([start, stop], 0, _LAST_FRAME) * _FRAME_STEPS
        first, last = np.searchsorted(packed, limits.astype(np.uint32) << np.uint32(_OCTAVE_BITS))
        return _unpacked(packed[first:last])


def all_within(first: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """The numbers of all ranges first[i] .. stop[i] - 1 in a row, each with its i."""
    counts = np.maximum(stop - first, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) + np.repeat(first - np.cumsum(counts) + counts, counts)


def _bisect(
    values: npt.NDArray[np.uint16], low: IntArray, high: IntArray, wanted: IntArray
) -> IntArray:
    """For each range [low, high) of sorted values the first position not below what is wanted."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) >> 1
        below = open_ & (values[np.minimum(middle, len(values) - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
    return low


def _packed(peaks: Peaks) -> npt.NDArray[np.uint32]:
    frame = np.rint(peaks.frame * _FRAME_STEPS).astype(np.uint32)
    octave = np.rint((peaks.octave - _OCTAVE_ZERO) * _OCTAVE_STEPS).astype(np.uint32)
    return np.sort(frame << np.uint32(_OCTAVE_BITS) | octave)


def _unpacked(packed: npt.NDArray[np.uint32]) -> Peaks:
    octave = (packed & np.uint32(2**_OCTAVE_BITS - 1)) / _OCTAVE_STEPS + _OCTAVE_ZERO
    frame = (packed >> np.uint32(_OCTAVE_BITS)) / _FRAME_STEPS
    return Peaks(frame.astype(np.float32), octave.astype(np.float32))


def segment_of(track: IndexedTrack, sound: SpectralPeaks) -> IndexSegment:
    """A segment of one track. Of a file of more than nine hours the first nine are known."""
    peaks = sound.peaks.between(0, _LAST_FRAME)
    triples = triples_of(peaks, FAN_OUT)
    frames = np.rint(triples.anchor_frame).astype(np.uint32)
    length = math.ceil(sound.duration_s / FRAME_S) + 1
    packed = _packed(peaks)
    return _sorted_segment(
        (track,),
        np.array([0, length]),
        np.array([0, len(packed)]),
        triples.keys(),
        frames,
        packed,
    )


def merged(segments: list[IndexSegment]) -> IndexSegment:
    """One segment with the tracks of all, in order."""
    axis = np.cumsum([0, *(int(segment.first_frames[-1]) for segment in segments)])
    heap = np.cumsum([0, *(int(segment.first_peaks[-1]) for segment in segments)])
    return _sorted_segment(
        tuple(track for segment in segments for track in segment.tracks),
        _chained([segment.first_frames for segment in segments], axis),
        _chained([segment.first_peaks for segment in segments], heap),
        np.concatenate([segment.keys() for segment in segments]),
        np.concatenate(
            [segment.frames + np.uint32(at) for segment, at in zip(segments, axis, strict=False)]
        ),
        np.concatenate([segment.peaks for segment in segments]),
    )


def _chained(firsts: list[IntArray], bases: IntArray) -> IntArray:
    shifted = [first[:-1] + base for first, base in zip(firsts, bases, strict=False)]
    return np.concatenate([*shifted, bases[-1:]])


def _sorted_segment(
    tracks: tuple[IndexedTrack, ...],
    first_frames: IntArray,
    first_peaks: IntArray,
    keys: npt.NDArray[np.uint32],
    frames: npt.NDArray[np.uint32],
    peaks: npt.NDArray[np.uint32],
) -> IndexSegment:
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    about_four_a_prefix = int(math.log2(len(keys) + 1)) - 2
    prefix_bits = max(_FEWEST_PREFIX_BITS, min(_MOST_PREFIX_BITS, about_four_a_prefix))
    rest_bits = KEY_BITS - prefix_bits
    counts = np.bincount(keys >> np.uint32(rest_bits), minlength=2**prefix_bits)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)
    rests = (keys & np.uint32(2**rest_bits - 1)).astype(np.uint16)
    return IndexSegment(tracks, first_frames, first_peaks, starts, rests, frames[order], peaks)
