"""The key of a score, and scores brought into one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from moodprint.errors import InputError
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.pitch import KRUMHANSL_KESSLER, PITCH_CLASSES, Key, estimate_key

_LOWERED = {4: 3, 9: 8, 11: 10}
_RAISED = {3: 4, 8: 9, 10: 11}


def estimated_key(score: Score) -> Key:
    """The key that goes best with how long each pitch class sounds; C major where all twelve sound
    alike.

    Raises:
        InputError: the score has no note but drums.
    """
    if not score.melodic:
        raise InputError("a score without notes has no key")
    sounding_s = np.zeros(PITCH_CLASSES)
    for note in score.melodic:
        sounding_s[note.pitch_midi % PITCH_CLASSES] += note.duration_s
    return estimate_key(sounding_s, KRUMHANSL_KESSLER).key or Key(0, minor=False)


def snapped_to_key(score: Score, key: Key) -> Score:
    """Each note out of the key moved a semitone, to the neighbour that fits the key better."""

    def snap(above: int) -> int:
        if above in key.scale:
            return 0
        return max((-1, 1), key=lambda step: _fit(key, above + step))

    return _moved(score, key, snap)


def in_mode(score: Score, key: Key, *, minor: bool) -> Score:
    """A score in ``key`` brought into the other mode of its tonic: thirds, sixths and sevenths
    move a semitone. A score in that mode already stays as it is."""
    if key.minor == minor:
        return score
    table = _LOWERED if minor else _RAISED
    return _moved(score, key, lambda above: table.get(above, above) - above)


def _fit(key: Key, above: int) -> float:
    profile = KRUMHANSL_KESSLER.minor if key.minor else KRUMHANSL_KESSLER.major
    return profile[above % PITCH_CLASSES] if above % PITCH_CLASSES in key.scale else 0.0


def _moved(score: Score, key: Key, step: Callable[[int], int]) -> Score:
    """Melodic notes moved by what ``step`` gives for their place above the tonic."""

    def moved(note: ScoreNote) -> ScoreNote:
        if score.tracks[note.track].drums:
            return note
        pitch = note.pitch_midi + step((note.pitch_midi - key.tonic) % PITCH_CLASSES)
        return note._replace(pitch_midi=pitch if 0 <= pitch <= 127 else note.pitch_midi)

    return score.with_notes([moved(note) for note in score.notes])
