"""Notes as levels by logarithmic frequency: what tells their pitch, and their timbre."""

from __future__ import annotations

import numpy as np

from moodprint.audio import stft
from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.note_generator.generator import NOTE_SAMPLES
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.pitch import hz_to_midi

LOWEST_PITCH, HIGHEST_PITCH = 12, 119
"""MIDI 119 is the last pitch below 8,000 Hz."""

_FLOOR_DB = -60.0
"""What lies further below the loudest is masked by it, or noise of 16 bits."""
_STEADY_S = (0.05, 2.05)
"""After the noise of the attack, and before the key goes up at 3 s; 2 s tell semitones apart down
to MIDI 12, where they lie 1 Hz from one another."""
_STAGES_S = ((0.0, 0.25), (0.25, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0))
"""Attack, decay, two of the sustained part, release: notes are held for 3 s of 4."""
_SILENCE = 1e-12
"""Powers below this, of samples in [-1, 1], are rounding."""
_LEAST_POWER = 1e-20
"""So that a logarithm is taken of something."""


def steady_levels(notes: FloatArray, bins_a_semitone: int = 3) -> FloatArray:
    """Levels [B, bins] of notes [B, 64000] over 2 s from soon after the onset.

    1 is the loudest bin, 0 is 60 dB below it or less; the first bin is centred on MIDI 12.
    Silence gives zeros.
    """
    return _levels(_powers(notes, *_STEADY_S, bins_a_semitone))


def timbre(notes: FloatArray) -> FloatArray:
    """Levels [B, 540] of notes [B, 64000] by semitone in five stages from onset to end.

    The scale is one for all stages, so it tells how a note swells and dies away.
    """
    powers = [_powers(notes, start_s, end_s, 1) for start_s, end_s in _STAGES_S]
    return _levels(np.concatenate(powers, axis=1))


def _powers(notes: FloatArray, start_s: float, end_s: float, bins_a_semitone: int) -> FloatArray:
    """The mean power [B, bins] of a stretch, by frequency."""
    if notes.ndim != 2 or notes.shape[1] != NOTE_SAMPLES:
        raise OptionError(f"notes have the shape [B, {NOTE_SAMPLES}], not {notes.shape}")
    part = notes[:, round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
    length = part.shape[1]
    frequency_hz = np.arange(1, length // 2) * (SAMPLE_RATE_HZ / length)
    pitch = hz_to_midi(frequency_hz)
    place = np.round((pitch - LOWEST_PITCH) * bins_a_semitone).astype(int)
    bins = (HIGHEST_PITCH - LOWEST_PITCH) * bins_a_semitone + 1
    inside = (place >= 0) & (place < bins)
    starts = np.flatnonzero(np.diff(place[inside], prepend=-1))
    powers = np.zeros((len(part), bins), np.float32)
    window = stft.hann(length, symmetric=True)
    for row, note in enumerate(part):
        spectrum = stft.powers(note.astype(np.float64), window)[1 : length // 2]
        sums = np.add.reduceat(spectrum[inside], starts)
        powers[row, place[inside][starts]] = sums / length**2
    return powers


def _levels(powers: FloatArray) -> FloatArray:
    loudest = powers.max(axis=1, keepdims=True)
    decibels = 10 * np.log10(np.maximum(powers, _LEAST_POWER) / np.maximum(loudest, _LEAST_POWER))
    return np.clip(1 - decibels / _FLOOR_DB, 0, 1) * (loudest > _SILENCE)
