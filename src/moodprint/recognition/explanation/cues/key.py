"""Key and mode: which notes are used, and which key they fit."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.pitch import ALBRECHT_SHANAHAN, KeyEstimate, estimate_key, midi_to_hz
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.partials import Partials
from moodprint.recognition.explanation.cues.recording import Recording, Stretch

STEPS = 36
"""Three to a semitone: enough to hear how a recording is tuned."""

_C4_HZ = midi_to_hz(60.0)
_FROM_HZ, _TO_HZ = 60.0, 4000.0
"""From B1, below which a semitone is narrower than a bin of the spectra (3.9 Hz), to B7, above
which there are overtones alone."""

_HARMONICS, _OVERTONE = 4, 0.6
"""Each harmonic counts 0.6 of the one before (Gomez 2006); the fifth would count 0.13."""

KEY_S = 15.0
"""A key needs time, for all its notes to occur: it is told of so many seconds around the middle of
a stretch that is shorter."""


def pitch_classes(found: Partials) -> FloatArray:
    """How strong each third of a semitone is in each frame, octaves folded, from C [T, 36].

    Each partial speaks for the pitches of which it may be one of the first four harmonics (Gomez
    2006), with the root of its magnitude, so that a loud bass does not drown the chord. Where
    ``audio.chroma`` counts overtones as notes, which blurs the mode, this does not.
    """
    strength = np.sqrt(found.magnitude)
    strength *= (found.hz > _FROM_HZ) & (found.hz < _TO_HZ)
    octaves = np.log2(np.maximum(found.hz, 1.0) / _C4_HZ)
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

    By the shares that pitch classes have in music: what was found here are pitches, with few
    overtones left among them.
    """
    centred = np.roll(classes.sum(axis=0, dtype=np.float64), 1 - tuning).reshape(12, 3)
    return estimate_key(centred @ (0.5, 1.0, 0.5), ALBRECHT_SHANAHAN)


def key_of(stretch: Stretch) -> KeyEstimate:
    """The key of a stretch, told once for all who ask."""
    return stretch.once(_key)


def _contour(frames: SpectralFrames) -> FloatArray:
    return pitch_classes(frames.partials)


def _tuning(recording: Recording) -> int:
    return tuning_steps(recording.contours.sums[_contour])


def _key(stretch: Stretch) -> KeyEstimate:
    return key(stretch.sums(_contour, KEY_S), stretch.recording.once(_tuning))


MODE = CueKind(
    name="mode",
    unit="",
    low="minor",
    high="major",
    measure=lambda stretch: key_of(stretch).majorness,
    contour=_contour,
)
KEY_CLARITY = CueKind(
    name="key_clarity",
    unit="",
    low="vague key",
    high="clear key",
    measure=lambda stretch: key_of(stretch).clarity,
    contour=_contour,
)
