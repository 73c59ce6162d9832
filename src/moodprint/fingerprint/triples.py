"""Triples of peaks and their keys: what the index is searched by.

A triple is an anchor and two later peaks within a second and an octave of it. Its key holds the
two distances in time, the two in log-frequency and the anchor's own pitch:

    bits 25-29  frames from the anchor to the second peak (1 to 31)
    bits 20-24  frames from the anchor to the third peak (1 to 31)
    bits 14-19  interval anchor to second, in 1/24 octave, plus 24 (0 to 48)
    bits  8-13  interval anchor to third, likewise
    bits  0-7   pitch of the anchor, in 1/48 octave above 106 Hz

On a logarithmic axis a change of pitch leaves the intervals as they are, and the anchor's pitch
stands in the lowest bits: triples of one shape at neighbouring pitches are neighbours in the
sorted index. A change of tempo scales the distances in time, so a query asks for each tempo.
Compare Six and Leman, "Panako" (ISMIR 2014), and Sonnleitner and Widmer (IEEE/ACM TASLP 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.fingerprint.peaks import Peaks

IntArray = npt.NDArray[np.int64]

KEY_BITS = 30
PITCH_BITS = 8
PITCH_STEPS = 48
"""Steps an octave in which the anchor's pitch is held."""

_INTERVAL_STEPS = 24
"""Steps an octave in which intervals are held: with 16 chance hits double, with 36 speech leaves
fewer right ones (docs/matching.md, "Which keys?")."""
_SHORTEST_FRAMES = 2.0
"""64 ms: nearer peaks are mostly partials of one stroke, whose distance in time tells nothing."""
_LONGEST_FRAMES = 31
"""What 5 bits hold: one second."""
_PITCH_ZERO_OCTAVE = -0.5
"""Below the lowest peak by more than any shift that is searched for, so that none is cut off."""
_NEXT_PEAKS = 32
"""As many peaks as a second has: those that may lie in an anchor's zone."""
_CHUNK = 8192
"""Anchors at a time: 2 MB for each of the tables [anchors, next peaks]."""


@dataclass(frozen=True)
class Triples:
    """Rows of ``peaks`` int64 [K, 3] (anchor, second, third), with the peaks themselves."""

    peaks: Peaks
    rows: IntArray

    @property
    def anchor_frame(self) -> npt.NDArray[np.float32]:
        """The time of each triple's anchor [K], in frames."""
        return self.peaks.frame[self.rows[:, 0]]

    def shapes(self, speed: float = 1.0) -> tuple[IntArray, npt.NDArray[np.bool_]]:
        """Keys without the pitch, had the sound played ``1 / speed`` times as long; and which
        of them fit into a key at that speed."""
        anchor, second, third = self.rows.T
        key = np.zeros(len(self.rows), np.int64)
        fits = np.ones(len(self.rows), bool)
        for other in (second, third):
            away = (self.peaks.frame[other] - self.peaks.frame[anchor]) * speed
            frames = np.rint(away).astype(np.int64)
            fits &= (frames >= 1) & (frames <= _LONGEST_FRAMES)
            key = key << 5 | np.clip(frames, 0, 31)
        for other in (second, third):
            away = self.peaks.octave[other] - self.peaks.octave[anchor]
            steps = np.rint(away * _INTERVAL_STEPS).astype(np.int64) + _INTERVAL_STEPS
            key = key << 6 | steps
        return key, fits

    def pitches(self, shift_octaves: float = 0.0) -> IntArray:
        """The anchors' pitches, had all sounded ``shift_octaves`` lower."""
        octave = self.peaks.octave[self.rows[:, 0]] - shift_octaves - _PITCH_ZERO_OCTAVE
        # From 1 to 254: a query asks for one step to either side, and must stay within 8 bits.
        return np.clip(np.rint(octave * PITCH_STEPS), 1, 254).astype(np.int64)

    def keys(self) -> npt.NDArray[np.uint32]:
        """The keys [K] of the sound as it is. Triples made with stretch 1 all fit."""
        return (self.shapes()[0] << PITCH_BITS | self.pitches()).astype(np.uint32)


def triples_of(peaks: Peaks, fan_out: int, stretch: float = 1.0) -> Triples:
    """For each anchor all pairs of the ``fan_out`` next peaks in its zone.

    The zone ends ``31 * stretch`` frames after the anchor, one octave above and below it.
    """
    parts = [
        _triples_from(peaks, first, min(first + _CHUNK, len(peaks)), fan_out, stretch)
        for first in range(0, len(peaks), _CHUNK)
    ]
    return Triples(peaks, np.concatenate([np.zeros((0, 3), np.int64), *parts]))


def _triples_from(peaks: Peaks, first: int, stop: int, fan_out: int, stretch: float) -> IntArray:
    anchors = np.arange(first, stop)
    later = anchors[:, None] + 1 + np.arange(_NEXT_PEAKS)
    there = later < len(peaks)
    later = np.minimum(later, len(peaks) - 1)
    away = peaks.frame[later] - peaks.frame[anchors, None]
    interval = peaks.octave[later] - peaks.octave[anchors, None]
    there &= (away >= _SHORTEST_FRAMES / stretch) & (away <= _LONGEST_FRAMES * stretch)
    there &= np.abs(interval) <= 1.0
    nearest = np.argsort(~there, axis=1, kind="stable")[:, :fan_out]
    chosen = np.take_along_axis(later, nearest, 1)
    valid = np.take_along_axis(there, nearest, 1)
    rows = [
        np.stack([anchors[at], chosen[at, second], chosen[at, third]], axis=1)
        for second in range(fan_out)
        for third in range(second + 1, fan_out)
        for at in [np.nonzero(valid[:, third])[0]]
    ]
    return np.concatenate(rows)
