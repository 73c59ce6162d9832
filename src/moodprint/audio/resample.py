"""Change of sample rate through libsoxr."""

from __future__ import annotations

import numpy as np
import soxr

from moodprint.clip import Clip, FloatArray

_QUALITY = "MQ"
"""SoX's medium quality, 16 bits deep: all that lossy music can use, and faster than HQ."""


class StreamResampler:
    """Resamples a signal that comes in blocks [C, n]; the blocks joined equal one long call.

    Where both rates are the same, blocks pass as they are.
    """

    def __init__(self, from_hz: int, to_hz: int, channels: int = 1) -> None:
        self._inner = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, channels, "float32", _QUALITY)
        )
        self._channels = channels

    def push(self, block: FloatArray) -> FloatArray:
        """The next samples [C, m] at the new rate; the filter holds some back, so m may be 0."""
        return self._chunk(block, last=False)

    def finish(self) -> FloatArray:
        """The samples still held back by the filter."""
        return self._chunk(np.zeros((self._channels, 0), np.float32), last=True)

    def _chunk(self, block: FloatArray, *, last: bool) -> FloatArray:
        if self._inner is None:
            return block
        interleaved = np.ascontiguousarray(block.T)
        return self._inner.resample_chunk(interleaved, last=last).T


def resampled(clip: Clip, sample_rate_hz: int) -> Clip:
    """The clip at another rate; the same clip where the rate is already that."""
    if clip.sample_rate_hz == sample_rate_hz:
        return clip
    samples = soxr.resample(clip.samples.T, clip.sample_rate_hz, sample_rate_hz, _QUALITY).T
    return Clip(np.ascontiguousarray(samples), sample_rate_hz, clip.origin)
