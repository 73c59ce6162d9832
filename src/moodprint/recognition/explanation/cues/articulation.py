"""Articulation: how detached notes are, from held to short."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.onsets import notes_in, onsets_of
from moodprint.recognition.explanation.cues.recording import Recording, Stretch

_ATTACK = 4
"""Frames, 62 ms: most instruments have reached their highest level by then."""

_LONGEST = 64
"""Frames, a second: what falls later is the next phrase's silence, not the note's end."""

_MOST_DB = 40.0
"""Under that a room and a noise floor tell more than the player."""


def level_db(log_mel: FloatArray) -> FloatArray:
    """The level of log-mel frames [T, 64] in dB [T]."""
    return 10 * np.log10((10 ** (log_mel / 10)).sum(axis=1))


def falls_db(levels: FloatArray, onsets: npt.NDArray[np.intp]) -> FloatArray:
    """How far the sound falls after each onset [n], before the next or within a second.

    ``levels`` [T] in dB at 64 a second, ``onsets`` [n] frames in it. The highest level in the
    first 60 ms less the lowest that follows, from 0 to 40 dB.
    """
    stops = np.minimum([*onsets[1:], len(levels)], onsets + _LONGEST)
    falls = [
        levels[start : start + _ATTACK].max() - levels[min(start + _ATTACK, stop) - 1 : stop].min()
        for start, stop in zip(onsets, stops, strict=True)
    ]
    return np.clip(np.array(falls, np.float32), 0, _MOST_DB)


def articulation_db(falls: FloatArray) -> float:
    """The median fall of the notes of a stretch [n]: near 0 dB where each is held to the next, tens
    of dB where they are short and apart; 0 without notes."""
    return float(np.median(falls)) if len(falls) else 0.0


def falls_of(recording: Recording) -> FloatArray:
    """The falls after all onsets of a recording [n]."""
    return falls_db(recording.contours.level_db, recording.once(onsets_of))


def _measure(stretch: Stretch) -> float:
    return articulation_db(stretch.recording.once(falls_of)[stretch.once(notes_in)])


ARTICULATION = CueKind(
    name="articulation",
    unit="dB",
    low="held notes",
    high="short notes",
    say="{:.0f} dB falls".format,
    measure=_measure,
)
