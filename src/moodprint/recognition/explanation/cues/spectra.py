"""Spectra of a signal that comes in blocks: fine enough to tell neighbouring notes apart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from moodprint.audio import stft
from moodprint.audio.stft import FrameStream
from moodprint.clip import FloatArray

SAMPLE_RATE_HZ = 16_000
WINDOW, HOP = 4096, 1000
"""256 ms, 16 times a second."""

FRAMES_PER_ROW = 8
ROW_S = FRAMES_PER_ROW * HOP / SAMPLE_RATE_HZ
"""Half a second: what the spectra are summed up to."""

_FRAMES_AT_ONCE = 16 * FRAMES_PER_ROW


class SpectrumStream:
    """Takes blocks [n] of any lengths; their joints leave no trace in the spectra.

    Frame t is centred on sample t * 1,000, with zeros before the start and after the end. Frames
    come as magnitudes [8 r, 2049], eight for each of r rows of half a second; a sine of
    full scale peaks at 1.
    """

    def __init__(self) -> None:
        self._framing = FrameStream(
            WINDOW, HOP, before=WINDOW // 2, at_once=_FRAMES_AT_ONCE, group=FRAMES_PER_ROW
        )
        self._samples = 0

    def push(self, block: FloatArray) -> Iterator[FloatArray]:
        """The magnitudes of the rows that a block [n] completes."""
        self._samples += len(block)
        for framed in self._framing.push(block):
            yield stft.magnitudes(framed, _window())

    def finish(self) -> Iterator[FloatArray]:
        """The rest, with silence after it up to a whole row. No samples give one row."""
        rows = max(1, -(-self._samples // (HOP * FRAMES_PER_ROW)))
        missing = self._framing.missing(rows * FRAMES_PER_ROW)
        yield from self.push(np.zeros(missing, np.float32))


@lru_cache(maxsize=1)
def frequencies_hz() -> FloatArray:
    """The frequency of each bin [2049]."""
    return stft.frequencies_hz(WINDOW, SAMPLE_RATE_HZ).astype(np.float32)


def magnitudes(samples: FloatArray) -> FloatArray:
    """All the frames of a whole signal [N]."""
    stream = SpectrumStream()
    return np.concatenate([*stream.push(samples), *stream.finish()])


@lru_cache(maxsize=1)
def _window() -> FloatArray:
    return stft.unit_hann(WINDOW)
