"""Mel magnitudes of sound, and magnitudes of spectra and samples again."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from moodprint.audio.mel import HTK, mel_edges_hz, triangles
from moodprint.audio.stft import centred, frames, frequencies_hz, hann, spectra
from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.generation.spectrogram.parameters import PictureParameters

_UPDATES = 40


class Transform:
    """The short-time Fourier transform of PictureParameters, both ways.

    Frame t is centred on sample t * hop, the ends of the sound mirrored. Shapes: samples [N],
    magnitudes and spectra [T, F] with F = padded // 2 + 1, mel magnitudes [T, bands].
    """

    def __init__(self, parameters: PictureParameters) -> None:
        self.hop, self.size = parameters.hop, parameters.padded // 2 * 2
        before = (self.size - parameters.window) // 2
        after = self.size - parameters.window - before
        window = np.pad(hann(parameters.window), (before, after))
        self.window = window.astype(np.float32)
        self._parameters = parameters

    def mel(self, samples: FloatArray) -> FloatArray:
        """Mel magnitudes [1 + N // hop, bands] of samples [N].

        Raises:
            OptionError: fewer samples than half a transform, which mirroring needs.
        """
        if len(samples) <= self.size // 2:
            least_s = self.size / 2 / self._parameters.sample_rate_hz
            raise OptionError(f"a picture takes more than {least_s:g} s of sound")
        mirrored = centred(np.asarray(samples, np.float32), self.size, "reflect")
        framed = frames(mirrored, self.size, self.hop)
        # A few at once: a frame is 40 times as long as its step.
        parts = [
            np.abs(spectra(framed[first : first + 64], self.window, by_scipy=True)) @ self._filters
            for first in range(0, len(framed), 64)
        ]
        return np.concatenate(parts).astype(np.float32)

    def filled(self, mel: FloatArray) -> FloatArray:
        """Magnitudes [T, F] >= 0 whose sums under the filters are near mel [T, bands], by the
        multiplicative updates of Lee and Seung (Nature, 1999): non-negative least squares."""
        filters, back = self._filters, self._filters.T.tocsr()
        target = np.maximum(mel @ back, 0)
        ones = np.ones((1, filters.shape[0]), np.float32)
        reach = np.maximum((ones @ filters), 1e-9)
        found = (mel / reach) @ back + np.float32(1e-12)
        for _ in range(_UPDATES):
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
        for frame, spectrum in enumerate(found):
            place = slice(frame * self.hop + first, frame * self.hop + stop)
            summed[place] += irfft(spectrum, self.size)[first:stop] * taper
            weight[place] += taper**2
        half = self.size // 2
        covered = summed / np.maximum(weight, np.float32(1e-3))
        return np.asarray(covered[half : half + (len(found) - 1) * self.hop], np.float32)

    @cached_property
    def _filters(self) -> Any:
        """Mel weights [F, bands], sparse: a bin lies under two triangles at most."""
        from scipy.sparse import csr_array

        one = self._parameters
        bins_hz = frequencies_hz(self.size, one.sample_rate_hz)
        edges_hz = mel_edges_hz(HTK, one.lowest_hz, one.highest_hz, one.bands)
        return csr_array(triangles(bins_hz, edges_hz).astype(np.float32))
