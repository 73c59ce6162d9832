"""A signal cut into overlapping frames, and its spectrum: the ground that descriptors stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from moodprint.audio import stft
from moodprint.clip import Clip, FloatArray
from moodprint.errors import OptionError

WINDOW = 2048
HOP = 512
SAMPLE_RATE_HZ = 22_050
"""Frames of 93 ms, 23 ms apart: what librosa takes unless told otherwise."""


@dataclass(frozen=True)
class Frames:
    """A mono signal [N] at 22,050 Hz, framed once for all descriptors.

    Frame t is centred on sample t * 512, with zeros before the start and after the end, so there
    are 1 + N // 512 frames; a signal without samples has one, of zeros.
    """

    samples: FloatArray

    @classmethod
    def of(cls, clip: Clip) -> Frames:
        """Raises OptionError for a clip at another rate: who decodes also resamples."""
        if clip.sample_rate_hz != SAMPLE_RATE_HZ:
            raise OptionError(f"descriptors take {SAMPLE_RATE_HZ} Hz, not {clip.sample_rate_hz}")
        return cls(clip.mono)

    @property
    def count(self) -> int:
        """T, how many frames there are: at least one."""
        return 1 + len(self.samples) // HOP

    @property
    def per_second(self) -> float:
        """Frames a second: 43.07."""
        return SAMPLE_RATE_HZ / HOP

    @cached_property
    def raw(self) -> FloatArray:
        """The frames without a taper: a view [T, 2048], not to be written to."""
        return stft.frames(self.padded(), WINDOW, HOP)

    def padded(self, mode: Literal["constant", "edge"] = "constant") -> FloatArray:
        """The signal with half a window more at both ends."""
        if not len(self.samples):
            return np.zeros(WINDOW, np.float32)
        return stft.centred(self.samples, WINDOW, mode)

    @cached_property
    def power(self) -> FloatArray:
        """The power spectrum [T, 1025] under a periodic Hann window."""
        return stft.powers(self.raw, _window(), by_scipy=True)

    @cached_property
    def magnitude(self) -> FloatArray:
        """The square root of the power [T, 1025]."""
        return np.sqrt(self.power)


@lru_cache(maxsize=1)
def frequencies_hz() -> FloatArray:
    """The frequency of each bin [1025]."""
    return stft.frequencies_hz(WINDOW, SAMPLE_RATE_HZ).astype(np.float32)


def decibels(power: npt.NDArray[Any], range_db: float | None = 80.0) -> FloatArray:
    """Power in dB, floored at 1e-10 and, with a range, that far under the loudest value."""
    level = 10 * np.log10(np.maximum(power, 1e-10))
    if range_db is not None:
        np.maximum(level, level.max() - range_db, out=level)
    return level


def safe_ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> FloatArray:
    """``part`` [T, ...] over ``whole`` [T], rows of nothing staying nothing."""
    tiny = np.finfo(np.float32).tiny
    divisor = np.where(whole < tiny, 1, whole).reshape(-1, *[1] * (part.ndim - 1))
    return np.asarray(part / divisor)


@lru_cache(maxsize=1)
def _window() -> FloatArray:
    return stft.hann(WINDOW).astype(np.float32)
