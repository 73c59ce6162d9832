"""Loudness, and how it grows or fades."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.spectra import ROW_S, frequencies_hz

QUIETEST_LUFS = -70.0
"""The absolute gate of BS.1770; nothing is told as quieter."""

_OFFSET_DB = -0.691
_RATE_HZ = 48_000
_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_RUMBLE = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The K filter of ITU-R BS.1770-4 at 48 kHz: numerators and denominators."""


def weighted_power(magnitudes: FloatArray) -> FloatArray:
    """The K-weighted mean square of spectra [T, 2049] under a Hann window [T]."""
    return (magnitudes**2) @ _k_weights()


def loudness_lufs(power: FloatArray) -> float:
    """The loudness of a stretch by its ``weighted_power`` [T], ITU-R BS.1770-4 without gates.

    Of the mono mix, and of what lies below 8 kHz: a stereo file's meter shows about 3 dB more.
    """
    mean = float(np.mean(power, dtype=np.float64))
    return max(QUIETEST_LUFS, _OFFSET_DB + 10 * float(np.log10(max(mean, 1e-12))))


def loudness_change_db_per_s(row_lufs: FloatArray) -> float:
    """The slope of the line through the loudness of rows of half a second [R]; 0 for one row."""
    if len(row_lufs) < 2:
        return 0.0
    time_s = (np.arange(len(row_lufs)) - (len(row_lufs) - 1) / 2) * ROW_S
    return float((time_s * row_lufs).sum() / (time_s**2).sum())


@lru_cache(maxsize=1)
def _k_weights() -> FloatArray:
    """What turns squares of magnitudes into the mean square of the filtered signal [2049].

    A sine of amplitude 1 has the square 1 in one bin, 1.5 over the bins of its peak, and a
    mean square of a half.
    """
    turn = np.exp(-2j * np.pi * frequencies_hz().astype(np.float64) / _RATE_HZ)
    gain = np.ones(len(turn))
    for above, below in (_SHELF, _RUMBLE):
        gain *= np.abs(np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)) ** 2
    return np.asarray(gain / 3, np.float32)
