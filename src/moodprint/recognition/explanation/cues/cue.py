"""What a cue is: how it is measured of a stretch of music, its unit, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from moodprint.recognition.explanation.cues.contours import Contour
from moodprint.recognition.explanation.cues.recording import Stretch

_SMALLEST = 1e-3
"""Ratios of what is nearly nothing say nothing: a thousandth of a Hz or a beat is no music."""


@dataclass(frozen=True)
class CueKind:
    """A cue by its ``name``, as answers carry it.

    ``unit`` is '' for plain numbers. ``low`` and ``high`` are what people call less and more of it
    than usual, ``say`` writes a value for them (None: the words alone do). ``measure`` tells the
    cue of a stretch, None where it cannot be told; ``contour`` is what it needs of the spectra, if
    anything. ``ratio`` is True where a doubling is the same step everywhere, as for tempo and
    frequency.
    """

    name: str
    unit: str
    low: str
    high: str
    measure: Callable[[Stretch], float | None]
    contour: Contour | None = None
    say: Callable[[float], str] | None = None
    ratio: bool = False

    def scaled(self, value: float) -> float:
        """The value on the scale where differences count: octaves of it where ``ratio``."""
        return float(np.log2(max(value, _SMALLEST))) if self.ratio else value
