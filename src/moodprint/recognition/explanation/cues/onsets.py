"""Onsets: when notes begin, and how densely they follow each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S, LOG_MEL
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.recording import Places, Recording, Stretch

_QUIETEST_DB = -70.0
"""What lies lower in a band is the noise of a recording; its rises are no notes."""

_LAG = 2
"""Frames, 31 ms: shorter than the attack of most notes, so that its whole rise is seen."""

_NEAR, _BEFORE, _AFTER = 2, 8, 6
"""Frames around a peak: no second onset within 31 ms, which the ear would hear as one; and the
125 ms before and 94 ms after that it stands out from (SuperFlux: 100 and 70 ms)."""

_RISE_DB = 0.5
"""Over that mean. The strength is a mean over 64 bands, so this is a soft note that raises three of
them by 11 dB."""


class OnsetStrength:
    """The mean rise of a log-mel spectrum over two frames, in dB, one value a frame.

    A band rises above the highest of its neighbourhood two frames ago, so that vibrato is
    no onset (SuperFlux, Boeck and Widmer 2013); what lies under -70 dB does not count.
    """

    def __init__(self) -> None:
        self._before: FloatArray | None = None

    def push(self, log_mel: FloatArray) -> FloatArray:
        """The onset strength [t] of the next frames [t, 64]."""
        level = np.maximum(log_mel, np.float32(_QUIETEST_DB))
        if self._before is None:
            self._before = np.repeat(level[:1], _LAG, axis=0)
        joined = np.concatenate([self._before, level])
        self._before = joined[-_LAG:]
        past = np.pad(joined[:-_LAG], ((0, 0), (1, 1)), mode="edge")
        highest = np.maximum(past[:, 1:-1], np.maximum(past[:, :-2], past[:, 2:]))
        return np.maximum(level - highest, 0).mean(axis=1)


def onset_strength(samples: FloatArray) -> FloatArray:
    """The onset strength of a whole signal [N] at 16 kHz."""
    strength = OnsetStrength()
    return np.concatenate([strength.push(piece) for piece in LOG_MEL.stream([samples])])


def onset_frames(strength: FloatArray) -> Places:
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


def onsets_of(recording: Recording) -> Places:
    """The frames of a recording at which notes begin."""
    return onset_frames(recording.contours.strength)


def notes_in(stretch: Stretch) -> npt.NDArray[np.bool_]:
    """Which of the recording's onsets lie in a stretch."""
    return np.isin(stretch.recording.once(onsets_of), stretch.frames())


def _measure(stretch: Stretch) -> float:
    return float(stretch.once(notes_in).sum()) * FRAMES_PER_S / len(stretch.frames())


ONSET_DENSITY = CueKind(
    name="onset_density",
    unit="onsets/s",
    low="few notes",
    high="many notes",
    say="{:.1f}/s".format,
    measure=_measure,
)
