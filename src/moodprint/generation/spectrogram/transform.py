"""Mel magnitudes of sound, and magnitudes of spectra and samples again."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from moodprint.audio.mel import HTK, mel_edges_hz, triangles
from moodprint.audio.spectrogram import LogMel
from moodprint.audio.stft import centred, frames, frequencies_hz, hann, spectra, unit_hann
from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.spectrogram.parameters import PictureParameters

_UPDATES = 40
_AT_ONCE = 64
"""Frames: those of pictures are 40 times as long as their step."""


class Transform:
    """A short-time Fourier transform both ways, and the bands into which ``filters`` [F, bands]
    sum its values up.

    Frame t is centred on sample t * hop, under ``window`` [size], which has zeros at both ends.
    Shapes: samples [N], magnitudes and spectra [T, F] with F = size // 2 + 1, bands [T, bands].
    """

    def __init__(self, window: FloatArray, hop: int, filters: FloatArray) -> None:
        from scipy.sparse import csr_array

        self.window, self.hop, self.size = window, hop, len(window)
        self.filters: Any = csr_array(filters)  # a bin lies under two triangles at most

    @classmethod
    def of_pictures(cls, parameters: PictureParameters) -> Self:
        """That of pictures, whose bands are sums of magnitudes."""
        one, size = parameters, parameters.padded // 2 * 2
        before = (size - one.window) // 2
        window = np.pad(hann(one.window), (before, size - one.window - before))
        bins_hz = frequencies_hz(size, one.sample_rate_hz)
        edges_hz = mel_edges_hz(HTK, one.lowest_hz, one.highest_hz, one.bands)
        filters = triangles(bins_hz, edges_hz).astype(np.float32)
        return cls(window.astype(np.float32), one.hop, filters)

    @classmethod
    def of_log_mel(cls, spectrogram: LogMel) -> Self:
        """That of a log-mel spectrogram, whose bands are sums of powers; its window stands in the
        middle of so many zeros that the size is a whole number of pairs of hops."""
        one = spectrogram
        size = -(-one.window // (2 * one.hop)) * 2 * one.hop
        before = (size - one.window) // 2
        window = np.pad(unit_hann(one.window), (before, size - one.window - before))
        bins_hz = frequencies_hz(size, one.sample_rate_hz)
        edges_hz = mel_edges_hz(HTK, one.lowest_hz, one.highest_hz, one.bands)
        # More bins than the window has samples: each counts less.
        filters = triangles(bins_hz, edges_hz) * (one.window / size)
        return cls(window, one.hop, filters.astype(np.float32))

    def mel(self, samples: FloatArray) -> FloatArray:
        """Magnitudes in bands [1 + N // hop, bands] of samples [N], their ends mirrored.

        Raises:
            OptionError: fewer samples than half a transform, which mirroring needs.
        """
        if len(samples) <= self.size // 2:
            raise OptionError(f"a picture takes more than {self.size // 2:,} samples of sound")
        mirrored = centred(np.asarray(samples, np.float32), self.size, "reflect")
        framed = frames(mirrored, self.size, self.hop)
        parts = [
            np.abs(spectra(framed[first : first + _AT_ONCE], self.window, by_scipy=True))
            @ self.filters
            for first in range(0, len(framed), _AT_ONCE)
        ]
        return np.concatenate(parts).astype(np.float32)

    def filled(self, bands: FloatArray, updates: int = _UPDATES) -> FloatArray:
        """Values [T, F] >= 0 whose sums under the filters are near bands [T, bands], by the
        multiplicative updates of Lee and Seung (Nature, 1999): non-negative least squares."""
        filters, back = self.filters, self.filters.T.tocsr()
        target = np.maximum(bands @ back, 0)
        ones = np.ones((1, filters.shape[0]), np.float32)
        reach = np.maximum((ones @ filters), 1e-9)
        found = (bands / reach) @ back + np.float32(1e-12)
        for _ in range(updates):
            found *= target / np.maximum((found @ filters) @ back, 1e-12)
        return np.asarray(found, np.float32)

    def spectra(self, samples: FloatArray) -> Any:
        """Spectra [1 + N // hop, F] of samples [N], with zeros beside them."""
        framed = frames(centred(samples, self.size), self.size, self.hop)
        return spectra(framed, self.window, by_scipy=True)

    def samples(self, found: Any) -> FloatArray:
        """Samples [(T - 1) * hop] whose spectra are nearest (Griffin and Lim, 1984)."""
        from scipy.fft import irfft

        total = (len(found) - 1) * self.hop + self.size
        summed, weight = np.zeros(total, np.float32), np.zeros(total, np.float32)
        inside = np.flatnonzero(self.window)
        first, stop = inside[0], inside[-1] + 1
        taper = self.window[first:stop]
        for start in range(0, len(found), _AT_ONCE):
            framed = irfft(found[start : start + _AT_ONCE], self.size)[:, first:stop] * taper
            for frame, sound in enumerate(framed, start):
                place = slice(frame * self.hop + first, frame * self.hop + stop)
                summed[place] += sound
                weight[place] += taper**2
        half = self.size // 2
        least = np.float32(1e-3 * (taper**2).max())
        covered = summed / np.maximum(weight, least)
        return np.asarray(covered[half : half + (len(found) - 1) * self.hop], np.float32)
