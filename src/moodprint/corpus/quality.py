"""How good a copy of a song is: clipping, bandwidth, bit rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.audio.stft import hann, magnitudes
from moodprint.clip import FloatArray

_FULL_SCALE = 0.999
"""A little below 1: what was clipped and then encoded does not come back whole."""
_SPECTRUM = 8192
"""0.19 s at 44.1 kHz, bins of 5 Hz: fine enough for a bandwidth that is compared in kHz."""
_AUDIBLE_LEVEL = 1e-4
"""80 dB below full scale: above the rounding noise of a bin, below what a lossy encoder keeps."""
_SHARE_OF_LOOKS = 0.1
"""A band counts where a tenth of the looks has sound in it: cymbals come and go, one click does not
make a band."""
_MOST_LOOKS = 3600
"""The bandwidth of an hour is that of all; 60 MB of spectra at the most."""


@dataclass(frozen=True)
class Quality:
    """How good a copy of a song is.

    ``bandwidth_hz``: up to where there is sound 80 dB below full scale. ``clipped``: the share of
    samples at full scale.
    """

    bit_rate_bps: int
    sample_rate_hz: int
    bandwidth_hz: float
    clipped: float

    @property
    def rank(self) -> tuple[float, float, int, int]:
        """Higher is better: unclipped to the per mille, then wide, then richly encoded."""
        clean, wide = -round(self.clipped, 3), round(self.bandwidth_hz, -3)
        return clean, wide, self.bit_rate_bps, self.sample_rate_hz


class QualityMeter:
    """Takes a song in blocks of any lengths; their joints leave no trace in its quality."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._rate = sample_rate_hz
        self._window = hann(_SPECTRUM, symmetric=True).astype(np.float32)
        self._held = np.zeros(0, np.float32)
        self._skip = 0
        self._levels: list[FloatArray] = []
        self._clipped = 0
        self.samples = 0
        """How many were pushed, over all channels."""

    def push(self, block: FloatArray, mono: FloatArray) -> None:
        """A block [C, n], and the same as one channel [n]."""
        self.samples += block.size
        self._clipped += int(np.count_nonzero(np.abs(block) >= _FULL_SCALE))
        if len(self._levels) < _MOST_LOOKS:
            self._look(mono)

    def finish(self, bit_rate_bps: int) -> Quality:
        """The quality of all that was pushed. ``bit_rate_bps`` is the container's, 0 for none."""
        if not self._levels:
            self._take(np.pad(self._held, (0, _SPECTRUM - len(self._held))))
        clipped = self._clipped / max(1, self.samples)
        return Quality(bit_rate_bps, self._rate, self._bandwidth_hz(), clipped)

    def _look(self, mono: FloatArray) -> None:
        """Take a spectrum a second, from the start on."""
        self._held = np.concatenate([self._held, mono])
        while True:
            skipped = min(self._skip, len(self._held))
            self._held, self._skip = self._held[skipped:], self._skip - skipped
            if self._skip or len(self._held) < _SPECTRUM:
                return
            self._take(self._held[:_SPECTRUM])
            self._skip = self._rate

    def _take(self, look: FloatArray) -> None:
        # A sine of full scale peaks at a quarter of the window's length.
        self._levels.append(magnitudes(look, self._window) / (_SPECTRUM / 4))

    def _bandwidth_hz(self) -> float:
        """The highest frequency that sounds in a tenth of the looks; 0 for silence."""
        level = np.quantile(np.stack(self._levels), 1 - _SHARE_OF_LOOKS, axis=0)
        audible = np.flatnonzero(level > _AUDIBLE_LEVEL)
        return float(audible.max(initial=0) * self._rate / _SPECTRUM)
