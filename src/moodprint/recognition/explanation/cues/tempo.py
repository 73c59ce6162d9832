"""Tempo: how fast the pulse goes that a listener would tap, and how clear it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from moodprint.audio.tempo import autocorrelation, tempo_preference
from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import FRAMES_PER_S
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.recording import Stretch

SLOWEST_BPM, FASTEST_BPM = 40.0, 240.0
"""Slower or faster than people tap."""

UNCLEAR_BELOW = 0.1
"""Where onsets a beat apart are hardly alike, any tempo would be a guess."""

TEMPO_S = 12.0
"""A pulse needs time: it is told of so many seconds around the middle of a stretch that is shorter.
At 40 bpm they hold eight beats, twice as many as are looked ahead."""

_STEPS_PER_OCTAVE = 60
"""A step is 1.2 %, finer than the ear tells tempi apart."""

_USUAL_BPM, _OCTAVES = 115.0, 0.9
"""The centre of the preference, and the octaves to each side in which it falls to 0.6."""

_MULTIPLES = 4
"""Beats ahead: a bar of the commonest metre."""

_BEATS_AHEAD, _WITHIN, _TRIED = 16, 0.012, 97
"""Sixteen beats ahead, half a step of tempi is a fifth of a beat: still nearer to the right onset
than to the next."""

_STEADY_DB = 0.15
"""An onset strength that varies less is that of held tones, which only beat."""


@dataclass(frozen=True)
class Tempo:
    """``bpm`` is None where there is no pulse. ``clarity`` in [0, 1]: how alike the onsets are one
    beat apart."""

    bpm: float | None
    clarity: float


def pulse_curve(strength: FloatArray) -> FloatArray:
    """How alike an onset strength [T] is to itself one to four beats later, for each of the tempi
    in ``tempi_bpm`` [4, G].

    The autocorrelation, scaled by its value at lag 0 and by how much of the stretch overlaps; lags
    between frames are interpolated. 0 where nothing clearly begins. Curves of several stretches
    may be averaged.
    """
    lags = 60 * FRAMES_PER_S / tempi_bpm()
    likeness = _likeness(strength, int(lags.max() * _MULTIPLES) + 2)
    return np.stack([np.interp(lags * n, np.arange(len(likeness)), likeness) for n in _times()])


def tempo(curve: FloatArray) -> Tempo:
    """The tempo of a ``pulse_curve``: best supported over one to four beats, with a preference for
    about 115 bpm, as tapping listeners have (Parncutt 1994; resonance after van Noorden and
    Moelants 1999)."""
    bpm = tempi_bpm()
    support = np.maximum(curve, 0).T @ (1 / np.array(_times()))
    usual = np.exp(tempo_preference(bpm, _USUAL_BPM, _OCTAVES))
    best = int((support * usual).argmax())
    clarity = float(np.clip(curve[0, best], 0, 1))
    return Tempo(float(bpm[best]) if clarity >= UNCLEAR_BELOW else None, clarity)


def sharpened_bpm(strength: FloatArray, bpm: float) -> float:
    """A tempo of an onset strength [T] told to a hundredth of a percent, where it is steady: within
    1.2 %, the one on which onsets up to 16 beats apart are most alike."""
    lag = 60 * FRAMES_PER_S / bpm
    beats = np.arange(1, min(_BEATS_AHEAD, int(len(strength) / 2 / lag)) + 1)
    if len(beats) < 2:
        return bpm
    likeness = _likeness(strength, int(lag * beats[-1] * (1 + 2 * _WITHIN)) + 2)
    near = np.linspace(1 - _WITHIN, 1 + _WITHIN, _TRIED)
    lags = np.outer(beats, lag / near)
    alike = np.interp(lags, np.arange(len(likeness)), likeness).sum(axis=0)
    return float(bpm * near[int(alike.argmax())])


@lru_cache(maxsize=1)
def tempi_bpm() -> FloatArray:
    """The tempi that are tried [G], 60 an octave."""
    count = round(np.log2(FASTEST_BPM / SLOWEST_BPM) * _STEPS_PER_OCTAVE) + 1
    return np.asarray(np.geomspace(SLOWEST_BPM, FASTEST_BPM, count))


def _times() -> range:
    return range(1, _MULTIPLES + 1)


def _likeness(strength: FloatArray, lags: int) -> FloatArray:
    """For lags from 0 [lags], 1 at lag 0; 0 where less than a third of the stretch overlaps."""
    centred = strength - strength.mean() if len(strength) else np.zeros(1)
    product = autocorrelation(centred, lags)
    overlap = np.maximum(len(centred) - np.arange(lags), 0) / len(centred)
    if product[0] < _STEADY_DB**2 * len(centred):
        return np.zeros(lags, np.float32)
    scaled = product / (product[0] * np.maximum(overlap, 1 / 3))
    return np.asarray(np.where(overlap > 1 / 3, scaled, 0), np.float32)


def pulse_of(stretch: Stretch) -> Tempo:
    """The tempo of the mean of the parts' curves."""
    strength = stretch.recording.contours.strength
    curves = [pulse_curve(strength[part.frames(TEMPO_S)]) for part in stretch.parts]
    return tempo(np.mean(curves, axis=0))


TEMPO = CueKind(
    name="tempo",
    unit="bpm",
    low="slow",
    high="fast",
    say="{:.0f} bpm".format,
    measure=lambda stretch: stretch.once(pulse_of).bpm,
    ratio=True,
)
PULSE_CLARITY = CueKind(
    name="pulse_clarity",
    unit="",
    low="no clear pulse",
    high="clear pulse",
    measure=lambda stretch: stretch.once(pulse_of).clarity,
)
