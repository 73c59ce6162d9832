"""Onsets: when notes begin, and how densely they follow each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from moodprint.audio.spectrogram import LogMel
from moodprint.clip import FloatArray

LOG_MEL = LogMel()
FRAMES_PER_S = LOG_MEL.frames_per_second
"""64: frames of 50 ms."""

_QUIETEST_DB = -70.0
_LAG = 2
_NEAR, _BEFORE, _AFTER = 2, 8, 6
_RISE_DB = 0.5


class OnsetStrength:
    """The mean rise of a log-mel spectrum over two frames, in dB, one value a frame.

    A band rises above the highest of its neighbourhood two frames ago, so that vibrato is
    no onset (SuperFlux, Boeck and Widmer 2013); what lies under -70 dB is not heard.
    """

    def __init__(self) -> None:
        self._before: FloatArray | None = None

    def push(self, log_mel: FloatArray) -> FloatArray:
        """The onset strength [t] of the next frames [t, 64]."""
        heard = np.maximum(log_mel, np.float32(_QUIETEST_DB))
        if self._before is None:
            self._before = np.repeat(heard[:1], _LAG, axis=0)
        joined = np.concatenate([self._before, heard])
        self._before = joined[-_LAG:]
        past = np.pad(joined[:-_LAG], ((0, 0), (1, 1)), mode="edge")
        highest = np.maximum(past[:, 1:-1], np.maximum(past[:, :-2], past[:, 2:]))
        rise: FloatArray = np.maximum(heard - highest, 0).mean(axis=1)
        return rise


def onset_strength(samples: FloatArray) -> FloatArray:
    """The onset strength of a whole signal [N] at 16 kHz."""
    strength = OnsetStrength()
    return np.concatenate([strength.push(piece) for piece in _log_mels(samples)])


def onset_frames(strength: FloatArray) -> npt.NDArray[np.intp]:
    """The frames at which notes begin: the highest within 30 ms, and 0.5 dB over the mean of the
    125 ms before and 90 ms after. None in the last 30 ms: a sound that is cut off clicks there."""
    strength = strength[:-_NEAR]
    if not len(strength):
        return np.zeros(0, np.intp)
    window = np.lib.stride_tricks.sliding_window_view
    highest = window(np.pad(strength, _NEAR), 2 * _NEAR + 1).max(axis=1)
    mean = window(np.pad(strength, (_BEFORE, _AFTER), mode="edge"), _BEFORE + _AFTER + 1).mean(
        axis=1
    )
    peaks = np.flatnonzero((strength == highest) & (strength > mean + _RISE_DB))
    apart = np.diff(peaks, prepend=-_NEAR - 1) > _NEAR
    return peaks[apart]


def _log_mels(samples: FloatArray) -> Iterator[FloatArray]:
    return LOG_MEL.stream([samples])
