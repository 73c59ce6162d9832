"""Phases for magnitudes: from their gradients, and by (fast) Griffin-Lim."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.generation.spectrogram.transform import Transform

MOMENTUM = 0.99
"""Of the fast Griffin-Lim algorithm; 0 is the plain one."""

_HANN_GAMMA = 0.25645
"""The Gauss window nearest to a Hann window of w samples is exp(-pi n^2 / (this * w^2))."""
_QUIET = 1e-7
"""Bins that much below the loudest get phases as the others do, their gradients set to rest."""


def gradient_phases(
    magnitude: FloatArray, transform: Transform, before: Any = None
) -> npt.NDArray[np.float64]:
    """Phases [T, F] of magnitudes [T, F], integrated from the gradients of their logarithm; they go
    on from the spectrum ``before`` [F], where there is one.

    After Prusa, Balazs and Sondergaard, "A noniterative method for reconstruction of phase from
    STFT magnitude" (IEEE/ACM TASLP 25, 2017) and its real-time kind (DAFx 2016). Their heap, which
    decides the path of integration bin by bin, is replaced by the basins of the peaks: in each
    frame a peak goes on from the frame before, and its neighbours down to the valleys beside it
    follow from the peak. So a frame is a few operations on arrays.
    """
    hop, size = transform.hop, transform.size
    gamma = _HANN_GAMMA * np.count_nonzero(transform.window) ** 2
    floor = max(float(magnitude.max(initial=0)) * _QUIET, 1e-30)
    logs = np.log(np.maximum(magnitude, floor)).astype(np.float64)
    bins = np.arange(magnitude.shape[1])
    half_turns = np.pi * (bins % 2)
    last = np.zeros(len(bins)) if before is None else np.angle(before) - half_turns
    phases = np.zeros(magnitude.shape)
    rate = None
    for frame, log in enumerate(logs):
        before, after = logs[max(frame - 1, 0)], logs[min(frame + 1, len(logs) - 1)]
        across = np.cumsum(-gamma / (hop * size) * (after - before) / 2)
        rate_now = hop * size / gamma * np.gradient(log) + 2 * np.pi * hop * bins / size
        onward = last + (rate_now if rate is None else (rate + rate_now) / 2)
        peak = _peak_of(log)
        last = np.mod(onward[peak] + across - across[peak], 2 * np.pi)
        rate, phases[frame] = rate_now, last
    # So far as seen from the middle of the window; a transform begins at its start.
    return phases + half_turns


def griffin_lim(
    magnitude: FloatArray,
    phases: npt.NDArray[np.float64],
    transform: Transform,
    iterations: int,
    momentum: float = MOMENTUM,
) -> FloatArray:
    """Samples [(T - 1) * hop] after so many iterations from these phases [T, F]; 0 is none."""
    return transform.samples(fitted(magnitude, phases, transform, iterations, momentum))


def fitted(
    magnitude: FloatArray,
    phases: npt.NDArray[np.float64],
    transform: Transform,
    iterations: int,
    momentum: float = MOMENTUM,
    held: Any = None,
) -> Any:
    """Spectra [T, F] of these magnitudes, whose phases agree among themselves, and with the spectra
    ``held`` [H, F] that go before them.

    Griffin and Lim (IEEE TASSP, 1984); with the momentum of Perraudin, Balazs and Sondergaard (A
    fast Griffin-Lim algorithm, WASPAA 2013).
    """
    before = magnitude[:0] if held is None else held
    spectrum: Any = (magnitude * np.exp(1j * phases)).astype(np.complex64)
    last: Any = None
    for _ in range(iterations):
        whole = np.concatenate([before, spectrum])
        again = transform.spectra(transform.samples(whole))[len(before) :]
        pushed = again if last is None else again + np.float32(momentum) * (again - last)
        last = again
        spectrum = magnitude * (pushed / np.maximum(np.abs(pushed), np.float32(1e-12)))
    return spectrum


def _peak_of(log: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """For each bin [F] the peak in whose basin it lies: valleys part the basins."""
    inner = (log[1:-1] > log[:-2]) & (log[1:-1] >= log[2:])
    peaks = np.flatnonzero(inner) + 1
    if not len(peaks):
        return np.full(len(log), int(np.argmax(log)), np.int64)
    valleys = [first + int(np.argmin(log[first:stop])) for first, stop in pairwise(peaks)]
    return peaks[np.searchsorted(np.asarray(valleys, np.int64), np.arange(len(log)), "right")]
