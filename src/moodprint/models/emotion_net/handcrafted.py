"""Timbre, its change, and tonality around each row of a hearing: what is measured of the sound
beside what the ear's network makes of it.

A network grasps timbre well but hardly the mode, and what it learned bends with the corpora that it
learned from; these few numbers travel better. None depends on the level of the recording.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from moodprint.audio.mel import cosine_transform
from moodprint.clip import FloatArray
from moodprint.pitch import KRUMHANSL_KESSLER, PITCH_CLASSES

ROWS_AROUND = 8
"""Rows to each side that a measure takes in."""

_COEFFICIENTS = 20
_QUIETEST_DB = -80.0
_LEAST = 1e-6

MEASURES = 4 * _COEFFICIENTS - 1 + 4


def measures(frames: FloatArray, chroma: FloatArray) -> FloatArray:
    """[R, MEASURES] of log-mel frames in dB [T, F] and chroma [R, 12], T a multiple of R: timbre,
    then tonality. Silence gives finite values."""
    return np.concatenate([_timbre(frames, len(chroma)), _tonality(chroma)], axis=1)


def _timbre(frames: FloatArray, rows: int) -> FloatArray:
    """Of each cepstral coefficient: its mean (but of the first, which is the level), its deviation
    over all frames around and within a row, and its mean step from frame to frame."""
    cepstrum = np.maximum(frames, _QUIETEST_DB) @ _cosines(frames.shape[1])
    step = np.abs(np.diff(cepstrum, axis=0, prepend=cepstrum[:1]))
    mean, square, steps = (_per_row(part, rows) for part in (cepstrum, cepstrum**2, step))
    wide = around(mean)
    over, within = _deviation(wide, around(square)), around(_deviation(mean, square))
    parts = (wide[:, 1:], over, within, around(steps))
    return np.concatenate(parts, axis=1) / np.float32(10)


def _tonality(chroma: FloatArray) -> FloatArray:
    """How well the likeliest key fits (-1 to 1), by how much the best major key fits better than
    the best minor one, how uneven the pitch classes are, and how much they change."""
    wide = around(chroma)
    level = wide.mean(axis=1, keepdims=True) + _LEAST
    uneven = wide / level - 1
    size = np.linalg.norm(uneven, axis=1, keepdims=True)
    # pitch.estimate_key of all rows at once; what is added keeps rows of even classes near 0.
    fit = uneven @ KRUMHANSL_KESSLER.rows.T / (size + 0.01)
    major, minor = fit[:, :PITCH_CLASSES].max(axis=1), fit[:, PITCH_CLASSES:].max(axis=1)
    variance = np.maximum(around(chroma**2) - wide**2, 0)
    change = np.sqrt(variance).mean(axis=1) / level[:, 0]
    measured = [np.maximum(major, minor), major - minor, size[:, 0] / 3, np.minimum(change, 2)]
    return np.stack(measured, axis=1).astype(np.float32)


def around(rows: FloatArray) -> FloatArray:
    """Means of rows [R, D] over ``ROWS_AROUND`` to each side, as far as there are any."""
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    centre = np.arange(len(rows))
    first = np.maximum(centre - ROWS_AROUND, 0)
    stop = np.minimum(centre + ROWS_AROUND + 1, len(rows))
    means: FloatArray = (sums[stop] - sums[first]) / (stop - first)[:, None]
    return means.astype(np.float32)


def _per_row(frames: FloatArray, rows: int) -> FloatArray:
    means: FloatArray = frames.reshape(rows, -1, frames.shape[1]).mean(axis=1)
    return means


def _deviation(mean: FloatArray, square: FloatArray) -> FloatArray:
    deviation: FloatArray = np.sqrt(np.maximum(square - mean**2, np.float32(1e-3)))
    return deviation


@cache
def _cosines(bands: int) -> FloatArray:
    return cosine_transform(bands, _COEFFICIENTS).astype(np.float32)
