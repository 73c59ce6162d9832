"""How an instrument of a generator sounds, in three numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.pitch import midi_to_hz

if TYPE_CHECKING:
    from moodprint.generation.note_generator.generator import Generator

WORDS = ("bright", "dark", "plucked", "sustained", "slow")

_TRIED_PITCHES = (48, 60, 72)
"""C3, C4 and C5: the octaves where most melodies lie."""
_BRIGHT_OVERTONES, _DARK_OVERTONES = 4.0, 2.0
_PLUCKED_KEEP, _SUSTAINED_KEEP = 0.25, 0.7
_SLOW_ATTACK_S = 0.12
"""Where words begin to fit; between the two of a pair neither does."""
_HOP = SAMPLE_RATE_HZ // 50
"""A level each 20 ms: a period of 50 Hz, below which few notes lie."""
_SPECTRUM_S = 3
"""A key is down for so long, so this is the note without its release."""
_LATE = slice(100, 105)
"""Levels from 2 to 2.1 s."""
_ATTACK_LEVEL = 0.9
"""Of the highest level: the last tenth may take seconds where a note swells."""


@dataclass(frozen=True)
class Timbre:
    """How an instrument sounds: the mean frequency of its spectrum over that of the note; the
    share of its level that is left after 2 s; and the time until 0.9 of the highest level."""

    overtones: float
    kept: float
    attack_s: float

    @property
    def words(self) -> tuple[str, ...]:
        """Those of WORDS that fit."""
        fits = (
            self.overtones >= _BRIGHT_OVERTONES,
            self.overtones <= _DARK_OVERTONES,
            self.kept <= _PLUCKED_KEEP,
            self.kept >= _SUSTAINED_KEEP,
            self.attack_s >= _SLOW_ATTACK_S,
        )
        return tuple(word for word, fit in zip(WORDS, fits, strict=True) if fit)


def instrument_timbre(generator: Generator, latent: FloatArray) -> Timbre:
    """The timbre of an instrument [256], the mean over three octaves."""
    latents = np.repeat(latent[None], len(_TRIED_PITCHES), axis=0)
    notes = generator.waveform(latents, _TRIED_PITCHES)
    timbres = [note_timbre(note, pitch) for note, pitch in zip(notes, _TRIED_PITCHES, strict=True)]
    overtones, kept, attack_s = np.mean([(t.overtones, t.kept, t.attack_s) for t in timbres], 0)
    return Timbre(round(float(overtones), 3), round(float(kept), 3), round(float(attack_s), 3))


def note_timbre(note: FloatArray, pitch_midi: int) -> Timbre:
    """The timbre of one note [64000]; that of silence is (0, 0, 0)."""
    level = np.sqrt(np.mean(note.reshape(-1, _HOP) ** 2, axis=1))
    highest = float(level.max())
    if not highest > 0:
        return Timbre(0.0, 0.0, 0.0)
    power = np.abs(np.fft.rfft(note[: _SPECTRUM_S * SAMPLE_RATE_HZ])) ** 2
    frequency_hz = np.arange(len(power)) / _SPECTRUM_S
    centroid_hz = float(power @ frequency_hz / power.sum())
    return Timbre(
        overtones=centroid_hz / midi_to_hz(float(pitch_midi)),
        kept=float(level[_LATE].mean() / highest),
        attack_s=float((level >= _ATTACK_LEVEL * highest).argmax()) * _HOP / SAMPLE_RATE_HZ,
    )
