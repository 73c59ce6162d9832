"""Any stretch of a sound, out of what was gathered while it streamed past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S, Contour, Contours
from moodprint.recognition.explanation.cues.spectra import ROW_S

Times = tuple[float, float]
Places = npt.NDArray[np.intp]
Value = TypeVar("Value")


class Recording:
    """A sound by its contours."""

    def __init__(self, contours: Contours) -> None:
        self.contours = contours
        self._known: dict[Callable[[Recording], Any], Any] = {}

    def once(self, work: Callable[[Recording], Value]) -> Value:
        """What a function makes of the recording, worked out when it is first asked for."""
        if work not in self._known:
            self._known[work] = work(self)
        value: Value = self._known[work]
        return value

    def stretch(self, *times_s: Times) -> Stretch:
        """Stretches of time, each from start to end, taken together. At least one is given."""
        return Stretch(self, times_s)


class Stretch:
    """The union of some stretches of a recording."""

    def __init__(self, recording: Recording, times_s: Sequence[Times]) -> None:
        self.recording = recording
        self._times_s = times_s
        self._known: dict[Callable[[Stretch], Any], Any] = {}

    def once(self, work: Callable[[Stretch], Value]) -> Value:
        """What a function makes of the stretch, worked out when it is first asked for."""
        if work not in self._known:
            self._known[work] = work(self)
        value: Value = self._known[work]
        return value

    @property
    def parts(self) -> list[Stretch]:
        """The stretches one by one."""
        return [Stretch(self.recording, [each]) for each in self._times_s]

    def rows(self, least_s: float = 0.0) -> Places:
        """The places of its rows of half a second. Parts that are shorter than ``least_s`` grow to
        both sides: a pulse, a key and a crescendo need time."""
        return _places(self._times_s, least_s, ROW_S, self.recording.contours.rows)

    def frames(self, least_s: float = 0.0) -> Places:
        """The places of its frames, 64 a second; ``least_s`` as for ``rows``."""
        count = len(self.recording.contours.strength)
        return _places(self._times_s, least_s, 1 / FRAMES_PER_S, count)

    def sums(self, contour: Contour, least_s: float = 0.0) -> FloatArray:
        """A contour's rows [r, ...]; ``least_s`` as for ``rows``."""
        return self.recording.contours.sums[contour][self.rows(least_s)]


def _places(times_s: Sequence[Times], least_s: float, step_s: float, count: int) -> Places:
    """The places, of ``count`` that are ``step_s`` apart, in any of the stretches; at least one
    for each. Stretches shorter than ``least_s`` grow on both sides."""
    inside = np.zeros(count, bool)
    for start_s, end_s in times_s:
        more_s = max(0.0, least_s - (end_s - start_s)) / 2
        first = min(max(0, round((start_s - more_s) / step_s)), count - 1)
        inside[first : max(first + 1, round((end_s + more_s) / step_s))] = True
    return np.flatnonzero(inside)
