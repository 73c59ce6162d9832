"""Spectra of a signal that comes in blocks: fine enough to tell neighbouring notes apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from moodprint.clip import FloatArray

SAMPLE_RATE_HZ = 16_000
WINDOW, HOP = 4096, 1000
"""256 ms, 16 times a second."""

FRAMES_PER_ROW = 8
ROW_S = FRAMES_PER_ROW * HOP / SAMPLE_RATE_HZ
"""Half a second: what the spectra are summed up to."""

_ROWS_AT_ONCE = 16


class SpectrumStream:
    """Takes blocks [n] of any lengths; their joints leave no trace in the spectra.

    Frame t is centred on sample t * 1,000, with zeros before the start and after the end. Frames
    come as magnitudes [8 r, 2049], eight for each of r rows of half a second; a sine of
    full scale peaks at 1.
    """

    def __init__(self) -> None:
        self._held = np.zeros(WINDOW // 2, np.float32)
        self._samples = 0
        self._frames = 0

    def push(self, block: FloatArray) -> Iterator[FloatArray]:
        self._samples += len(block)
        yield from self._whole_rows(block)

    def finish(self) -> Iterator[FloatArray]:
        """The rest, with silence after it up to a whole row. No samples give one row."""
        rows = max(1, -(-self._samples // (HOP * FRAMES_PER_ROW)))
        missing = rows * FRAMES_PER_ROW - self._frames
        needed = (missing - 1) * HOP + WINDOW if missing > 0 else 0
        yield from self._whole_rows(np.zeros(max(0, needed - len(self._held)), np.float32))

    def _whole_rows(self, block: FloatArray) -> Iterator[FloatArray]:
        self._held = np.concatenate([self._held, block])
        there = 1 + (len(self._held) - WINDOW) // HOP if len(self._held) >= WINDOW else 0
        whole = there // FRAMES_PER_ROW * FRAMES_PER_ROW
        step = _ROWS_AT_ONCE * FRAMES_PER_ROW
        for first in range(0, whole, step):
            yield _magnitudes(self._held[first * HOP :], min(step, whole - first))
        self._held = self._held[whole * HOP :]
        self._frames += whole


@lru_cache(maxsize=1)
def frequencies_hz() -> FloatArray:
    """The frequency of each bin [2049]."""
    return np.linspace(0, SAMPLE_RATE_HZ / 2, WINDOW // 2 + 1, dtype=np.float32)


def magnitudes(samples: FloatArray) -> FloatArray:
    """All the frames of a whole signal [N]."""
    stream = SpectrumStream()
    return np.concatenate([*stream.push(samples), *stream.finish()])


def _magnitudes(samples: FloatArray, count: int) -> FloatArray:
    pieces = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:count]
    result: FloatArray = np.abs(np.fft.rfft(pieces * _taper())).astype(np.float32, copy=False)
    return result


@lru_cache(maxsize=1)
def _taper() -> FloatArray:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.asarray(hann * 2 / hann.sum(), np.float32)
