"""Sound of log-mel spectrograms: magnitudes that sum up to the bands, phases that fit together.

Phases are found by Griffin and Lim's iteration (IEEE TASSP, 1984) with the momentum of Perraudin,
Balazs and Sondergaard, "A fast Griffin-Lim algorithm" (WASPAA 2013). Long music is done in blocks;
each begins with frames of the one before, whose phases are held, so that blocks join.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from moodprint.audio.mel import HTK, mel_edges_hz, triangles
from moodprint.audio.spectrogram import LogMel
from moodprint.audio.stft import (
    frames,
    frequencies_hz,
    overlapped,
    spectra,
    synthesis_window,
    unit_hann,
)
from moodprint.clip import FloatArray
from moodprint.engine.progress import Progress, no_progress

STAGE = "sounding"

_ITERATIONS = 32
_MOMENTUM = np.float32(0.99)
_BLOCK, _SHARED = 1024, 32
_FILLINGS = 12


def sound_of(
    mel_db: FloatArray,
    spectrogram: LogMel,
    rng: np.random.Generator,
    progress: Progress = no_progress,
) -> FloatArray:
    """Samples [T * hop] whose spectrogram is near mel_db [T, bands]; phases begin at random."""
    transform = _Transform(spectrogram)
    power = np.where(mel_db <= spectrogram.floor_db, 0, 10 ** (mel_db / 10)).astype(np.float32)
    blocks = range(0, len(mel_db), _BLOCK)
    held, found = transform.nothing(), []
    for number, first in enumerate(blocks, 1):
        magnitude = np.sqrt(filled(power[first : first + _BLOCK], transform.filters))
        phased = _phased(magnitude, held, transform, rng)
        found.append(phased)
        held = np.concatenate([held, phased])[-_SHARED:]
        progress(STAGE, number, len(blocks))
    samples = transform.samples(np.concatenate(found))
    return samples[: len(mel_db) * spectrogram.hop]


def filled(mel_power: FloatArray, filters: FloatArray) -> FloatArray:
    """Powers [T, F] >= 0 whose sums under the filters [F, bands] are near mel_power [T, bands], by
    the multiplicative updates of Lee and Seung (Nature, 1999)."""
    reach = filters.sum(axis=0)
    power = (mel_power / np.maximum(reach, 1e-9)) @ (filters > 0).T.astype(np.float32) + 1e-12
    target = mel_power @ filters.T
    for _ in range(_FILLINGS):
        power *= target / np.maximum((power @ filters) @ filters.T, 1e-12)
    return np.asarray(power, np.float32)


def _phased(
    magnitude: FloatArray, held: Any, transform: _Transform, rng: np.random.Generator
) -> Any:
    """Spectra [T, F] of these magnitudes whose phases agree among themselves and with the spectra
    ``held`` [H, F] before them."""
    before = len(held)
    turns = rng.random(magnitude.shape, np.float32) * np.float32(2 * np.pi)
    phases = np.exp(1j * turns).astype(np.complex64)
    last = np.zeros((before + len(magnitude), magnitude.shape[1]), np.complex64)
    for _ in range(_ITERATIONS):
        whole = np.concatenate([held, magnitude * phases])
        again = transform.spectra(transform.samples(whole))[: len(whole)]
        pushed = (again + _MOMENTUM * (again - last))[before:]
        last = again
        phases = pushed / np.maximum(np.abs(pushed), np.float32(1e-12))
    return magnitude * phases


class _Transform:
    """A Fourier transform whose length is a whole number of hops, for the window of a LogMel: the
    window stands in the middle of as many zeros as that takes."""

    def __init__(self, spectrogram: LogMel) -> None:
        self._hop = spectrogram.hop
        overlaps = -(-spectrogram.window // self._hop)
        self._size = (overlaps + overlaps % 2) * self._hop
        beside = (self._size - spectrogram.window) // 2
        self._window = np.pad(unit_hann(spectrogram.window), beside)
        self._inverse = synthesis_window(self._window, self._hop)
        bins_hz = frequencies_hz(self._size, spectrogram.sample_rate_hz)
        edges_hz = mel_edges_hz(
            HTK, spectrogram.lowest_hz, spectrogram.highest_hz, spectrogram.bands
        )
        # More bins than the window has samples: each counts less.
        weight = spectrogram.window / self._size
        self.filters = (triangles(bins_hz, edges_hz) * weight).astype(np.float32)

    def nothing(self) -> Any:
        """No spectra [0, F]."""
        return np.zeros((0, self._size // 2 + 1), np.complex64)

    def spectra(self, samples: FloatArray) -> Any:
        """Spectra [T, F] of samples, frame t centred on sample t * hop."""
        centred = np.pad(samples, self._size // 2)
        return spectra(frames(centred, self._size, self._hop), self._window, by_scipy=True)

    def samples(self, found: Any) -> FloatArray:
        """Samples [T * hop] of spectra [T, F]."""
        from scipy.fft import irfft

        framed = irfft(found, self._size, axis=-1) * self._inverse
        half = self._size // 2
        return overlapped(framed, self._hop)[half : half + len(found) * self._hop]
