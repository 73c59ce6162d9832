"""Key and mode: which notes are used, and which key they fit."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.pitch import ALBRECHT_SHANAHAN, KeyEstimate, estimate_key, midi_to_hz
from moodprint.recognition.explanation.cues.partials import Partials

STEPS = 36
"""Three to a semitone: enough to hear how a recording is tuned."""

_C4_HZ = midi_to_hz(60.0)
_FROM_HZ, _TO_HZ = 60.0, 4000.0
_HARMONICS = 4
_OVERTONE = 0.6


def pitch_classes(heard: Partials) -> FloatArray:
    """How strong each third of a semitone is in each frame, octaves folded, from C [T, 36].

    Each partial speaks for the pitches of which it may be one of the first four harmonics (Gomez
    2006), with the root of its magnitude, so that a loud bass does not drown the chord. Where
    ``audio.chroma`` counts overtones as notes, which blurs the mode, this does not.
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


def key(classes: FloatArray, tuning: int = 0) -> KeyEstimate:
    """The key of a stretch, by the pitch classes of its frames or rows [T, 36].

    Judged by the shares that pitch classes have in music: what was heard here are pitches, with few
    overtones left among them.
    """
    centred = np.roll(classes.sum(axis=0, dtype=np.float64), 1 - tuning).reshape(12, 3)
    return estimate_key(centred @ (0.5, 1.0, 0.5), ALBRECHT_SHANAHAN)
