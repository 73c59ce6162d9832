"""How clearly a note has the pitch that its label says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.audio.stft import hann, powers
from moodprint.clip import FloatArray
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.pitch import midi_to_hz

_FROM_S, _LENGTH_S = 0.05, 2
"""After the noise of the attack, before the key goes up; 2 s resolve half a hertz."""
_PARTIALS = 12
"""What lies above, breath and bow noise among it, is not counted against a note."""
_WITHIN_CENTS, _WITHIN_HZ = 40.0, 1.5
"""How near energy must lie to count as a partial's: less than a quarter tone, and at least the
width of the window's main lobe."""
_LOWEST_HZ = 20.0
_LEAST_SHARE, _LEAST_ODD, _MOST_CENTS = 0.7, 0.05, 15.0
"""Where a pitch is clear. Bells miss the share, organ stops of a fifth the odd partials, detuned
samples the cents."""
_STRONGEST_OF = 4
"""Partials, so that one of a steady pitch is taken, and not a high one that is stretched."""


@dataclass(frozen=True)
class Clarity:
    """Up to the 12th partial: the share of energy that lies at the partials; that at the odd ones
    (a note an octave too high has none); and how far the strongest of the first four is off."""

    share: float
    odd_share: float
    cents: float

    @property
    def clear(self) -> bool:
        """Whether the note may be learned from."""
        enough = self.share >= _LEAST_SHARE and self.odd_share >= _LEAST_ODD
        return enough and abs(self.cents) <= _MOST_CENTS


def clarity(samples: FloatArray, pitch_midi: int) -> Clarity:
    """That of a note [64000] at 16 kHz; silence has none of anything."""
    length = _LENGTH_S * SAMPLE_RATE_HZ
    first = round(_FROM_S * SAMPLE_RATE_HZ)
    part = samples[first : first + length].astype(np.float64)
    energy = powers(part, hann(length, symmetric=True))
    frequency_hz = np.arange(len(energy)) / _LENGTH_S
    pitch_hz = midi_to_hz(pitch_midi)
    partial = np.maximum(1, np.round(frequency_hz / pitch_hz)).astype(int)
    inside = (frequency_hz > _LOWEST_HZ) & (frequency_hz < (_PARTIALS + 0.5) * pitch_hz)
    reach_hz = np.maximum(partial * pitch_hz * (2 ** (_WITHIN_CENTS / 1200) - 1), _WITHIN_HZ)
    near = inside & (np.abs(frequency_hz - partial * pitch_hz) < reach_hz)
    total = float(energy[inside].sum())
    levels = np.bincount(partial[near], energy[near], _PARTIALS + 1)
    if not total > 0 or not levels.sum() > 0:
        return Clarity(0.0, 0.0, 0.0)
    strongest = int(levels[: _STRONGEST_OF + 1].argmax())
    there = near & (partial == strongest)
    mean_hz = float(energy[there] @ frequency_hz[there] / energy[there].sum())
    return Clarity(
        share=float(levels.sum()) / total,
        odd_share=float(levels[1::2].sum()) / total,
        cents=1200 * float(np.log2(mean_hz / (strongest * pitch_hz))),
    )
