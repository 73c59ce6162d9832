"""Pitch classes, the tonal space they span, and how major or minor they sound together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import SAMPLE_RATE_HZ, WINDOW, Frames, safe_ratio
from moodprint.pitch import (
    KRUMHANSL_KESSLER,
    KeyEstimate,
    estimate_key,
)

TONAL_AXES = tuple(f"{circle}_{axis}" for circle in ("fifth", "minor", "major") for axis in "xy")

_A440_OCTAVE_HZ = 440.0 / 16
_CENTRE_OCTAVE, _OCTAVE_WIDTH = 5.0, 2.0


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
    place = 12 * np.log2(hz / _A440_OCTAVE_HZ)
    place = np.concatenate([[place[0] - 18], place])
    width = np.concatenate([np.maximum(np.diff(place), 1), [1]])
    away = np.remainder(place[:, None] - np.arange(12) + 6, 12) - 6
    bells = np.exp(-0.5 * (2 * away / width[:, None]) ** 2)
    bells /= np.linalg.norm(bells, axis=1, keepdims=True)
    bells *= np.exp(-0.5 * ((place / 12 - _CENTRE_OCTAVE) / _OCTAVE_WIDTH) ** 2)[:, None]
    from_c = np.roll(bells, -3, axis=1)
    return np.ascontiguousarray(from_c[: WINDOW // 2 + 1], np.float32)


@lru_cache(maxsize=1)
def _circles() -> FloatArray:
    """[12, 6]: sine and cosine on the circles of fifths, minor thirds and major thirds."""
    turns = np.outer(np.arange(12), (7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3))
    turns[:, ::2] -= 0.5
    return np.asarray(np.cos(np.pi * turns) * (1, 1, 1, 1, 0.5, 0.5), np.float32)
