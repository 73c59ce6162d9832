"""What is gathered of a sound for its cues: curves over time, small enough to keep of hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from moodprint.audio.spectrogram import LogMel
from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.partials import Partials, partials

LOG_MEL = LogMel()
FRAMES_PER_S = LOG_MEL.frames_per_second
"""64: frames of 50 ms, of which onsets and levels are told."""


@dataclass(frozen=True)
class SpectralFrames:
    """Spectra of some frames, as ``spectra`` gives them: ``magnitudes`` [T, 2049]."""

    magnitudes: FloatArray

    @cached_property
    def partials(self) -> Partials:
        """The strongest partials of each frame, found once for all who ask."""
        return partials(self.magnitudes)


Contour = Callable[[SpectralFrames], FloatArray]
"""A curve [T, ...] of so many frames, such that sums over frames stand for longer stretches."""


@dataclass(frozen=True)
class Contours:
    """F frames at ``FRAMES_PER_S``, R rows of half a second."""

    strength: FloatArray
    """[F] onset strength."""
    level_db: FloatArray
    """[F] level."""
    sums: Mapping[Contour, FloatArray]
    """[R, ...] of each contour, summed over the eight spectra of a row."""

    @property
    def rows(self) -> int:
        """How many rows there are; one at least."""
        return len(next(iter(self.sums.values())))
