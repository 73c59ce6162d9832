"""Mel scales, the filters that sum up a spectrum by them, and what makes a cepstrum of the sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError

DoubleArray = npt.NDArray[np.float64]

_SLANEY_LINEAR_HZ, _SLANEY_LINEAR_MEL = 1000.0, 15.0
_SLANEY_LOG_STEP = np.log(6.4) / 27


@dataclass(frozen=True)
class MelScale:
    """How frequencies are spread so that equal steps sound equal; both ways take any array."""

    from_hz: Callable[[npt.ArrayLike], Any]
    to_hz: Callable[[npt.ArrayLike], Any]


def _slaney_from_hz(hz: npt.ArrayLike) -> Any:
    hz = np.asarray(hz, np.float64)
    above = np.log(np.maximum(hz, _SLANEY_LINEAR_HZ) / _SLANEY_LINEAR_HZ) / _SLANEY_LOG_STEP
    linear = hz * _SLANEY_LINEAR_MEL / _SLANEY_LINEAR_HZ
    return np.where(hz < _SLANEY_LINEAR_HZ, linear, _SLANEY_LINEAR_MEL + above)


def _slaney_to_hz(mel: npt.ArrayLike) -> Any:
    mel = np.asarray(mel, np.float64)
    above = _SLANEY_LINEAR_HZ * np.exp(_SLANEY_LOG_STEP * (mel - _SLANEY_LINEAR_MEL))
    return np.where(mel < _SLANEY_LINEAR_MEL, mel * _SLANEY_LINEAR_HZ / _SLANEY_LINEAR_MEL, above)


HTK = MelScale(
    from_hz=lambda hz: 1127 * np.log1p(np.divide(hz, 700)),
    to_hz=lambda mel: 700 * np.expm1(np.divide(mel, 1127)),
)
"""1127 ln(1 + f / 700) (O'Shaughnessy, Speech Communication, 1987), as in HTK, VGGish, YAMNet and
GANSynth."""

SLANEY = MelScale(_slaney_from_hz, _slaney_to_hz)
"""Linear up to 1 kHz, 27 steps for a factor of 6.4 above (Slaney, Auditory Toolbox, 1998), as in
librosa and musicnn."""


def mel_edges_hz(scale: MelScale, lowest_hz: float, highest_hz: float, bands: int) -> DoubleArray:
    """The edges [bands + 2] of bands evenly spaced on the scale: band b rises from edge b to its
    peak at edge b + 1 and falls to edge b + 2.

    Raises:
        OptionError: no band, or not 0 <= lowest_hz < highest_hz.
    """
    if bands < 1 or not 0 <= lowest_hz < highest_hz:
        raise OptionError(f"{bands} mel bands from {lowest_hz:g} to {highest_hz:g} Hz are none")
    mels = np.linspace(scale.from_hz(lowest_hz), scale.from_hz(highest_hz), bands + 2)
    return np.asarray(scale.to_hz(mels))


def cosine_transform(bands: int, coefficients: int) -> DoubleArray:
    """What turns log-mel values [T, bands] into a cepstrum [T, coefficients] by their product
    [bands, coefficients]: the DCT-II, orthonormal but for the first coefficient, the level, which
    is too large by sqrt(2)."""
    turns = np.outer(np.arange(bands) + 0.5, np.arange(coefficients)) * np.pi / bands
    return np.cos(turns) * np.sqrt(2 / bands)


def triangles(
    bins_hz: npt.ArrayLike, edges_hz: DoubleArray, *, equal_areas: bool = False
) -> DoubleArray:
    """Weights [F, bands] of spectra whose bins lie at ``bins_hz`` [F]: triangles, straight in Hz,
    of peak 1 or, with ``equal_areas``, of area 1 in Hz.

    A band too narrow to hold a bin gets none.
    """
    bins = np.asarray(bins_hz, np.float64)[:, None]
    low, peak, high = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rise, fall = (bins - low) / (peak - low), (high - bins) / (high - peak)
    weights = np.maximum(0, np.minimum(rise, fall))
    return weights * 2 / (high - low) if equal_areas else weights
