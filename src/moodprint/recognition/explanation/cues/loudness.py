"""Loudness, and how it grows or fades."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from moodprint.clip import FloatArray
from moodprint.recognition.explanation.cues.contours import SpectralFrames
from moodprint.recognition.explanation.cues.cue import CueKind
from moodprint.recognition.explanation.cues.recording import Recording, Stretch
from moodprint.recognition.explanation.cues.spectra import FRAMES_PER_ROW, ROW_S, frequencies_hz

QUIETEST_LUFS = -70.0
"""The absolute gate of BS.1770; nothing is told as quieter."""

_OFFSET_DB = -0.691
"""By the standard: what the K filter adds to a tone of 997 Hz is taken off again."""

_SILENT_POWER = 1e-12
"""Under this the logarithm would only tell rounding; the gate lies 50 dB over it."""

CHANGE_S = 10.0
"""A crescendo needs time: it is told of so many seconds around the middle of a stretch that is
shorter."""

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
    return max(QUIETEST_LUFS, _OFFSET_DB + 10 * float(np.log10(max(mean, _SILENT_POWER))))


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


def _contour(frames: SpectralFrames) -> FloatArray:
    return weighted_power(frames.magnitudes)


def _row_power(recording: Recording) -> FloatArray:
    return recording.contours.sums[_contour] / np.float32(FRAMES_PER_ROW)


def _row_lufs(recording: Recording) -> FloatArray:
    return np.array([loudness_lufs(row) for row in recording.once(_row_power)])


def _measure(stretch: Stretch) -> float:
    return loudness_lufs(stretch.recording.once(_row_power)[stretch.rows()])


def _measure_change(stretch: Stretch) -> float:
    lufs = stretch.recording.once(_row_lufs)
    return float(
        np.mean([loudness_change_db_per_s(lufs[part.rows(CHANGE_S)]) for part in stretch.parts])
    )


LOUDNESS = CueKind(
    name="loudness",
    unit="LUFS",
    low="quiet",
    high="loud",
    say="{:.0f} LUFS".format,
    measure=_measure,
    contour=_contour,
)
LOUDNESS_CHANGE = CueKind(
    name="loudness_change",
    unit="dB/s",
    low="fading",
    high="swelling",
    say="{:+.1f} dB/s".format,
    measure=_measure_change,
    contour=_contour,
)
