"""Key and mode: which notes are used, and which key they fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint import pitch
from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.partials import Partials

STEPS = 36
"""Three to a semitone: enough to hear how a recording is tuned."""

NAMES = ("C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_C4_HZ = 440.0 * 2 ** (-9 / 12)
_FROM_HZ, _TO_HZ = 60.0, 4000.0
_HARMONICS = 4
_OVERTONE = 0.6
_KEYS = pitch.of_all_keys(pitch.FOUND_MAJOR, pitch.FOUND_MINOR)


@dataclass(frozen=True)
class Key:
    """``name`` is that of the best of 24 keys, such as ``A minor``, None where nothing has a pitch.

    ``clarity`` in [0, 1] is how well it fits (a correlation). ``majorness`` in [-2, 2] is how much
    better the best major key fits than the best minor one: the mode, with its strength.
    """

    name: str | None
    clarity: float
    majorness: float


def pitch_classes(heard: Partials) -> FloatArray:
    """How strong each third of a semitone is in each frame, octaves folded, from C [T, 36].

    Each partial speaks for the pitches of which it may be one of the first four harmonics (Gomez
    2006), with the root of its magnitude, so that a loud bass does not drown the chord.
    """
    strength = np.sqrt(heard.magnitude)
    strength *= (heard.hz > _FROM_HZ) & (heard.hz < _TO_HZ)
    octaves = np.log2(np.maximum(heard.hz, 1.0) / _C4_HZ)
    frames = np.arange(len(octaves))[:, None] * STEPS
    result = np.zeros(len(octaves) * STEPS)
    for harmonic in range(1, _HARMONICS + 1):
        step = np.round((octaves - np.log2(harmonic)) * STEPS).astype(int) % STEPS
        weight = strength * _OVERTONE ** (harmonic - 1)
        result += np.bincount((frames + step).ravel(), weight.ravel(), len(result))
    return result.reshape(-1, STEPS).astype(np.float32)


def tuning_steps(classes: FloatArray) -> int:
    """By how many thirds of a semitone a recording [T, 36] lies off A = 440 Hz: -1, 0 or 1."""
    thirds = classes.sum(axis=0).reshape(12, 3).sum(axis=0)
    return (0, 1, -1)[int(thirds.argmax())]


def key(classes: FloatArray, tuning: int = 0) -> Key:
    """The key of a stretch, by the pitch classes of its frames or rows [T, 36]."""
    centred = np.roll(classes.sum(axis=0, dtype=np.float64), 1 - tuning).reshape(12, 3)
    notes = centred @ (0.5, 1.0, 0.5)
    notes -= notes.mean()
    length = np.linalg.norm(notes)
    if length < 1e-6:
        return Key(None, 0.0, 0.0)
    fit = _KEYS @ (notes / length)
    best, (major, minor) = int(fit.argmax()), fit.reshape(2, 12).max(axis=1)
    name = f"{NAMES[best % 12]} {'minor' if best >= 12 else 'major'}"
    return Key(name, float(max(fit[best], 0.0)), float(major - minor))
