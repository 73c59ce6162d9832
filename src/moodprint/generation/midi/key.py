"""The key of a score, and scores brought into one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from moodprint.errors import InputError
from moodprint.generation.midi.score import Score, ScoreNote
from moodprint.pitch import HEARD_MAJOR, HEARD_MINOR

_NAMES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_MAJOR_SCALE = frozenset((0, 2, 4, 5, 7, 9, 11))
_MINOR_SCALE = frozenset((0, 2, 3, 5, 7, 8, 10, 11))
_LOWERED = {4: 3, 9: 8, 11: 10}
_RAISED = {3: 4, 8: 9, 10: 11}


@dataclass(frozen=True)
class Key:
    """A tonic, 0 for C to 11 for B, and a mode. The minor scale has both sevenths."""

    tonic: int
    minor: bool

    def __str__(self) -> str:
        return f"{_NAMES[self.tonic]} {'minor' if self.minor else 'major'}"

    @property
    def scale(self) -> frozenset[int]:
        """The pitches above the tonic, in semitones, that belong to the key."""
        return _MINOR_SCALE if self.minor else _MAJOR_SCALE

    @property
    def profile(self) -> tuple[float, ...]:
        """How well each pitch above the tonic fits, as listeners rated it (Krumhansl and Kessler,
        Psychological Review 1982)."""
        return HEARD_MINOR if self.minor else HEARD_MAJOR


def estimated_key(score: Score) -> Key:
    """The key whose profile goes best with how long each pitch class sounds (Krumhansl 1990).

    Raises:
        InputError: the score has no note but drums.
    """
    if not score.melodic:
        raise InputError("a score without notes has no key")
    heard = np.zeros(12)
    for note in score.melodic:
        heard[note.pitch_midi % 12] += note.duration_s
    keys = [Key(tonic, minor) for minor in (False, True) for tonic in range(12)]
    profiles = np.array([np.roll(key.profile, key.tonic) for key in keys])
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    fit = centred @ (heard - heard.mean()) / np.linalg.norm(centred, axis=1)
    return keys[int(fit.argmax())]


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
    return key.profile[above % 12] if above % 12 in key.scale else 0.0


def _moved(score: Score, key: Key, step: Callable[[int], int]) -> Score:
    """Melodic notes moved by what ``step`` gives for their place above the tonic."""

    def moved(note: ScoreNote) -> ScoreNote:
        if score.tracks[note.track].drums:
            return note
        pitch = note.pitch_midi + step((note.pitch_midi - key.tonic) % 12)
        return note._replace(pitch_midi=pitch if 0 <= pitch <= 127 else note.pitch_midi)

    return score.with_notes([moved(note) for note in score.notes])
