"""Pitch classes, the tonal space they span, and how major or minor they sound together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, WINDOW, Frames, safe_ratio
from moodprint.pitch import (
    A4_MIDI,
    KRUMHANSL_KESSLER,
    KeyEstimate,
    away_from_classes,
    estimate_key,
    hz_to_midi,
)

TONAL_AXES = tuple(f"{circle}_{axis}" for circle in ("fifth", "minor", "major") for axis in "xy")

_CENTRE_MIDI, _OCTAVES = A4_MIDI + 12, 2.0
"""librosa's weight of octaves: a bell around A5 (880 Hz), two octaves wide."""


def chroma(frames: Frames) -> FloatArray:
    """Energy of the twelve pitch classes, the strongest 1 [T, 12], tuned to A = 440 Hz.

    Defined as librosa's chroma_stft with tuning 0 (after Ellis 2007), so that the values compare
    with those of others; ``audio.chroma`` is ours. Silence gives zeros.
    """
    energy = frames.power @ _pitch_class_filters()
    return safe_ratio(energy, energy.max(axis=1))


def tonnetz(classes: FloatArray) -> FloatArray:
    """Places of chroma [T, 12] on the circles of fifths and thirds [T, 6] (Harte et al. 2006)."""
    return safe_ratio(classes @ _circles(), classes.sum(axis=1))


def key(classes: FloatArray) -> KeyEstimate:
    """The key of chroma [T, 12], by the ratings of listeners."""
    return estimate_key(classes.mean(axis=0, dtype=np.float64), KRUMHANSL_KESSLER)


@lru_cache(maxsize=1)
def _pitch_class_filters() -> FloatArray:
    """Weights [1025, 12]: bells around each pitch class, of most weight near the fifth octave."""
    hz = np.linspace(0, SAMPLE_RATE_HZ, WINDOW, endpoint=False)[1:]
    midi = hz_to_midi(hz)
    midi = np.concatenate([[midi[0] - 18], midi])  # 0 Hz has no pitch: it counts as far below
    width = np.concatenate([np.maximum(np.diff(midi), 1), [1]])
    bells = np.exp(-0.5 * (2 * away_from_classes(midi) / width[:, None]) ** 2)
    bells /= np.linalg.norm(bells, axis=1, keepdims=True)
    bells *= np.exp(-0.5 * ((midi - _CENTRE_MIDI) / 12 / _OCTAVES) ** 2)[:, None]
    return np.asarray(bells[: WINDOW // 2 + 1], np.float32)


@lru_cache(maxsize=1)
def _circles() -> FloatArray:
    """[12, 6]: sine and cosine on the circles of fifths, minor thirds and major thirds."""
    turns = np.outer(np.arange(12), (7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3))
    turns[:, ::2] -= 0.5
    return np.asarray(np.cos(np.pi * turns) * (1, 1, 1, 1, 0.5, 0.5), np.float32)
