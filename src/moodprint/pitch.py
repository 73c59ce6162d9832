"""Pitch: names of notes, frequencies in tune with A = 440 Hz, pitch classes and keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

A4_HZ = 440.0
A4_MIDI = 69
PITCH_CLASSES = 12

NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
"""The pitch classes from C on. Keys have names of their own: see ``Key``."""

_FLAT_TONICS = {False: (1, 3, 8, 10), True: (3, 10)}
"""The tonics, by whether the key is minor, that are written with a flat: D flat major has fewer
accidentals than C sharp major (five and seven), C sharp minor fewer than D flat minor."""

_MAJOR_SCALE = frozenset((0, 2, 4, 5, 7, 9, 11))
_MINOR_SCALE = frozenset((0, 2, 3, 5, 7, 8, 10, 11))
_LEAST_CONTRAST = 1e-6
"""Pitch classes more alike than this have no key: what is left is rounding."""

Float64Array = npt.NDArray[np.float64]
_Numbers = TypeVar("_Numbers", float, npt.NDArray[Any])


def hz_to_midi(hz: _Numbers) -> _Numbers:
    """Frequencies above 0 as MIDI numbers, 69 for 440 Hz, with what lies between semitones."""
    return A4_MIDI + PITCH_CLASSES * np.log2(hz / A4_HZ)


def midi_to_hz(midi: _Numbers) -> _Numbers:
    """MIDI numbers, whole or not, as frequencies."""
    return A4_HZ * 2 ** ((midi - A4_MIDI) / PITCH_CLASSES)


def note_name(midi: int) -> str:
    """``A4`` for 69, ``C#5`` for 73; middle C, 60, is C4."""
    return f"{NOTE_NAMES[midi % PITCH_CLASSES]}{midi // PITCH_CLASSES - 1}"


def away_from_classes(midi: Float64Array) -> Float64Array:
    """How many semitones, in [-6, 6), pitches [F] lie above the nearest note of each pitch class
    [F, 12], octaves folded."""
    half = PITCH_CLASSES / 2
    return (midi[:, None] - np.arange(PITCH_CLASSES) + half) % PITCH_CLASSES - half


@dataclass(frozen=True)
class Key:
    """A tonic, 0 for C to 11 for B, and a mode: as text ``E flat minor``, the tonic spelled so
    that the key has the fewest accidentals. The minor scale has both sevenths."""

    tonic: int
    minor: bool

    def __str__(self) -> str:
        if self.tonic in _FLAT_TONICS[self.minor]:
            tonic = f"{NOTE_NAMES[self.tonic + 1]} flat"
        else:
            tonic = NOTE_NAMES[self.tonic].replace("#", " sharp")
        return f"{tonic} {'minor' if self.minor else 'major'}"

    @property
    def short(self) -> str:
        """As charts and tags write it: ``Eb minor``, ``F# major``."""
        return str(self).replace(" flat", "b").replace(" sharp", "#")

    @property
    def camelot(self) -> str:
        """Its place on the wheel that DJs mix by: ``8A`` for A minor, ``8B`` for C major. Next to
        it lie the keys a fifth away, under the same number the relative key."""
        relative_major = self.tonic + (3 if self.minor else 0)
        return f"{(7 * relative_major + 7) % PITCH_CLASSES + 1}{'A' if self.minor else 'B'}"

    @property
    def scale(self) -> frozenset[int]:
        """The pitches above the tonic, in semitones, that belong to the key."""
        return _MINOR_SCALE if self.minor else _MAJOR_SCALE


@dataclass(frozen=True)
class KeyProfiles:
    """How much each pitch class above the tonic belongs to a major and to a minor key [12]."""

    major: tuple[float, ...]
    minor: tuple[float, ...]

    @cached_property
    def rows(self) -> Float64Array:
        """The profiles of 12 major, then 12 minor keys [24, 12] from C on, each of mean 0 and
        length 1: their product with pitch classes of mean 0 and length 1 is a correlation."""
        modes = (self.major, self.minor)
        rows = np.array([np.roll(mode, tonic) for mode in modes for tonic in range(PITCH_CLASSES)])
        rows -= rows.mean(axis=1, keepdims=True)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


KRUMHANSL_KESSLER = KeyProfiles(
    major=(6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    minor=(6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
)
"""As listeners rated how well a pitch class fits a key (Krumhansl and Kessler, "Tracing the dynamic
changes in perceived tonal organization", Psychological Review 1982)."""

ALBRECHT_SHANAHAN = KeyProfiles(
    major=(0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    minor=(0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)
"""The share of each pitch class in music of a known key (Albrecht and Shanahan, "The use of large
corpora to train a new type of key-finding algorithm", Music Perception 2013)."""


@dataclass(frozen=True)
class KeyEstimate:
    """The ``key`` that fits best, None where no pitch class stands out.

    ``clarity`` in [0, 1] is how well it fits (a correlation). ``majorness`` in [-2, 2] is how much
    better the best major key fits than the best minor one: the mode, with its strength. ``margin``
    in [0, 2] is how much better the key fits than the next best of all 24.
    """

    key: Key | None
    clarity: float
    majorness: float
    margin: float = 0.0


def estimate_key(pitch_classes: npt.ArrayLike, profiles: KeyProfiles) -> KeyEstimate:
    """The key of a distribution of pitch classes [12], from C on and of any scale: the one of 24
    whose profile correlates best with it (Krumhansl, Cognitive Foundations of Musical Pitch, 1990).
    """
    uneven = np.asarray(pitch_classes, np.float64)
    uneven = uneven - uneven.mean()
    length = np.linalg.norm(uneven)
    if length < _LEAST_CONTRAST:
        return KeyEstimate(None, 0.0, 0.0)
    fit = profiles.rows @ (uneven / length)
    best, (major, minor) = int(fit.argmax()), fit.reshape(2, PITCH_CLASSES).max(axis=1)
    key = Key(best % PITCH_CLASSES, minor=best >= PITCH_CLASSES)
    second, first = np.sort(fit)[-2:]
    return KeyEstimate(key, float(first), float(major - minor), float(first - second))
