"""Register: how high the pitches lie that stand out."""

from __future__ import annotations

import numpy as np

from moodprint.clip import FloatArray
from moodprint.pitch import hz_to_midi, note_name
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.partials import Partials

LOWEST_MIDI, HIGHEST_MIDI = 33, 96
"""From A1 to C7: melodies and basses; what is lower or higher only colours them."""

_STEPS = 3
"""To a semitone: as fine as the spectra tell bass notes apart."""

_HARMONICS, _OVERTONE = 8, 0.7
"""A pitch is told by its first eight harmonics, each counting 0.7 of the one before: with equal
weights a tone of few harmonics would be told as well an octave lower."""

_TOP = 128 * _STEPS

_NOTHING = 1e-6
"""Less salience in all than this is the rounding of silence."""


def register(found: Partials) -> FloatArray:
    """The most salient pitch of each frame as a MIDI number, and its salience [T, 2].

    The salience of a pitch is the sum of the roots of its harmonics' magnitudes, each counting 0.7
    times the one below it (after Klapuri 2006). Without partials both are 0.
    """
    midi = hz_to_midi(np.maximum(found.hz, 1.0))
    place = np.clip(np.round(midi * _STEPS).astype(int), 0, _TOP - 1)
    cells = np.arange(len(place))[:, None] * _TOP + place
    strength = np.bincount(cells.ravel(), np.sqrt(found.magnitude).ravel(), len(place) * _TOP)
    salience = _salience(strength.reshape(-1, _TOP).astype(np.float32))
    best = salience.argmax(axis=1)
    most = salience[np.arange(len(best)), best]
    pitch = np.where(most > 0, LOWEST_MIDI + best / _STEPS, 0)
    return np.stack([pitch, most], axis=1).astype(np.float32)


def register_midi(pitches: FloatArray) -> float | None:
    """The mean pitch of a stretch, weighted by salience; None where nothing has a pitch.

    ``pitches`` [T, 2] are sums of salience times pitch, and of salience.
    """
    moment, weight = pitches.sum(axis=0, dtype=np.float64)
    return float(moment / weight) if weight > _NOTHING else None


def _salience(strength: FloatArray) -> FloatArray:
    """[T, P] of the pitches from LOWEST_MIDI to HIGHEST_MIDI in thirds of a semitone."""
    first, count = LOWEST_MIDI * _STEPS, (HIGHEST_MIDI - LOWEST_MIDI) * _STEPS + 1
    padded = np.pad(strength, ((0, 0), (0, 12 * _STEPS * 3)))
    near = np.maximum(padded[:, 1:-1], np.maximum(padded[:, :-2], padded[:, 2:]))
    total = padded[:, first : first + count].copy()
    for harmonic in range(2, _HARMONICS + 1):
        above = first - 1 + round(12 * _STEPS * np.log2(harmonic))
        total += _OVERTONE ** (harmonic - 1) * near[:, above : above + count]
    return total


def _contour(frames: SpectralFrames) -> FloatArray:
    pitch, salience = register(frames.partials).T
    return np.stack([pitch * salience, salience], axis=1)


def _say(midi: float) -> str:
    return f"around {note_name(round(midi))}"


REGISTER = CueKind(
    name="register",
    unit="MIDI pitch",
    low="low",
    high="high",
    say=_say,
    measure=lambda stretch: register_midi(stretch.sums(_contour)),
    contour=_contour,
)
