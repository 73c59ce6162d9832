"""From a network's certainty of keys to notes: the rules of Basic Pitch, made quick.

Each clear onset begins a note that lasts until the key is silent for some frames. What sounds
without an onset is then taken up from its strongest points on ("melodia trick").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.errors import OptionError

_QUIET_FRAMES = 11
_DIFFERENCES = 2
_SEARCHED = 256


@dataclass(frozen=True)
class NoteRule:
    """When a key is a note: certainties in (0, 1), and the fewest frames (of 11.6 ms).

    The defaults were chosen on rendered piano songs, and do better on other songs and instruments,
    too (docs/generation.md). Basic Pitch's own are 0.5, 0.3, 11 and True.
    """

    onset: float = 0.6
    frame: float = 0.3
    fewest_frames: int = 6
    without_onsets: bool = False
    """Whether sound that no onset began makes notes too."""

    def __post_init__(self) -> None:
        if not (0 < self.onset < 1 and 0 < self.frame < 1 and self.fewest_frames >= 1):
            raise OptionError(f"a rule needs certainties in (0, 1) and frames above 0, not {self}")


class CreatedNote(NamedTuple):
    """A note in frames; ``end`` is the first one after it. ``strength`` is in [0, 1]."""

    start: int
    end: int
    key: int
    strength: float


def created_notes(note: FloatArray, onset: FloatArray, rule: NoteRule) -> list[CreatedNote]:
    """The notes in certainties [T, 88] of sounding and of beginning, in order of their start."""
    if not len(note):
        return []
    maker = _Maker(note, rule)
    for frame, key in _onsets(_with_inferred(onset, note), rule.onset)[::-1]:
        maker.from_onset(int(frame), int(key))
    if rule.without_onsets:
        maker.from_strongest_points()
    return sorted(maker.notes)


def _with_inferred(onset: FloatArray, note: FloatArray) -> FloatArray:
    """Onsets, and rises of the certainty of sounding brought to the same scale."""
    rise = np.full_like(note, np.inf)
    for distance in range(1, _DIFFERENCES + 1):
        before = np.pad(note, ((distance, 0), (0, 0)))[: len(note)]
        rise = np.minimum(rise, note - before)
    rise[:_DIFFERENCES] = 0
    rise = np.maximum(rise, 0)
    highest = rise.max()
    if highest > 0:
        rise = rise / highest * onset.max()  # so that the highest is that of onsets to the bit
    loudest: FloatArray = np.maximum(onset, rise)
    return loudest


def _onsets(onset: FloatArray, threshold: float) -> npt.NDArray[np.intp]:
    """Frames and keys [n, 2] of the peaks in time that reach the threshold, in order of time."""
    peak = onset >= threshold
    peak[[0, -1]] = False
    peak[1:-1] &= (onset[1:-1] > onset[:-2]) & (onset[1:-1] > onset[2:])
    return np.argwhere(peak)


class _Maker:
    """Takes notes out of what sounds; what was taken, and the keys beside it, sound no more."""

    def __init__(self, note: FloatArray, rule: NoteRule) -> None:
        self.notes: list[CreatedNote] = []
        self._note = note
        self._left = note.copy()
        self._rule = rule
        self._frames, self._keys = note.shape

    def from_onset(self, start: int, key: int) -> None:
        if start >= self._frames - 1:
            return
        stop, quiet = self._run(start, key, forward=True)
        if self._append(start, stop - quiet, key):
            self._take(start, stop - quiet, key)

    def from_strongest_points(self) -> None:
        frames, keys = np.nonzero(self._left > self._rule.frame)
        strongest_first = np.argsort(-self._left[frames, keys], kind="stable")
        for frame, key in zip(frames[strongest_first], keys[strongest_first], strict=True):
            if self._left[frame, key] > self._rule.frame:
                self._from_point(int(frame), int(key))

    def _from_point(self, middle: int, key: int) -> None:
        stop, quiet_after = self._run(middle, key, forward=True)
        start, quiet_before = self._run(middle, key, forward=False)
        self._left[middle, key] = 0
        self._take(start + 1, middle, key)
        self._take(middle + 1, stop, key)
        self._append(start + 1 + quiet_before, stop - 1 - quiet_after, key)

    def _append(self, start: int, end: int, key: int) -> bool:
        if end - start <= self._rule.fewest_frames:
            return False
        strength = float(self._note[start:end, key].mean())
        self.notes.append(CreatedNote(start, end, key, strength))
        return True

    def _take(self, start: int, end: int, key: int) -> None:
        self._left[start:end, max(0, key - 1) : key + 2] = 0

    def _run(self, frame: int, key: int, *, forward: bool) -> tuple[int, int]:
        """Where a walk from a frame ends, and how many frames it was quiet for by then: after 11
        quiet frames, or at the first or the last frame."""
        column = self._left[:, key]
        walked = column[frame + 1 : -1] if forward else column[1:frame][::-1]
        steps, quiet = _until_quiet(walked < self._rule.frame)
        return (frame + 1 + steps, quiet) if forward else (frame - 1 - steps, quiet)


def _until_quiet(quiet: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """How many entries [n] are passed until 11 in a row are True, and how many were in a row."""
    before = 0
    for first in range(0, len(quiet), _SEARCHED):
        part = quiet[first : first + _SEARCHED]
        index = np.arange(len(part))
        last_loud = np.maximum.accumulate(np.where(part, -1 - before, index))
        in_a_row = index - last_loud
        enough = in_a_row >= _QUIET_FRAMES
        if enough.any():
            return first + int(enough.argmax()) + 1, _QUIET_FRAMES
        before = int(in_a_row[-1])
    return len(quiet), before
