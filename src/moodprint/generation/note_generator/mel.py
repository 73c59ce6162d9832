"""The mel matrices of GANSynth: linear frequency bins to mel bands, and back."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.sparse import csr_array

from moodprint.audio.mel import HTK, triangles
from moodprint.generation.note_generator.stft import FREQUENCY_BINS, SAMPLE_RATE_HZ, DoubleArray

MEL_BANDS = 1024
_NYQUIST_HZ = SAMPLE_RATE_HZ / 2
_MEL_SCALE, _MEL_BREAK_HZ = 1127.0, 700.0
_NARROWEST_BAND_HZ = 1.5 * _NYQUIST_HZ / FREQUENCY_BINS
_NEGLIGIBLE = 1e-8


@cache
def mel_from_linear() -> csr_array:
    """The weights [F, mel] of each band: triangles that are straight in Hz and 1 at their peak.

    The rows stand for frequencies evenly spaced from 0 to 8,000 Hz, both included, although
    the bins of the spectrogram (without DC) lie one half to one step higher: so it was in the
    original, and its checkpoints depend on it.
    """
    weights = triangles(np.linspace(0, _NYQUIST_HZ, FREQUENCY_BINS), HTK.to_hz(_edges_mel()))
    weights[0] = 0.0
    return csr_array(weights)


@cache
def linear_from_mel() -> csr_array:
    """The weights [mel, F] that spread bands over bins again: not the inverse, but GANSynth's.

    The transpose of M = ``mel_from_linear()`` with each column divided by that of M M^T, summed.
    """
    forward = mel_from_linear()
    sums = forward @ forward.sum(axis=0)
    scale = np.divide(1.0, sums, out=sums.copy(), where=np.abs(sums) > _NEGLIGIBLE)
    return csr_array(forward.T * scale[None, :])


@cache
def phase_reach() -> DoubleArray:
    """The share [mel] of the whole circle that the phase steps of each band have.

    The mel form mixes phases unweighted, so a band that is narrower than a bin takes a part of a
    step; in wider ones steps wrap, and the circle is whole. A tenth at least, for bands that hold
    hardly any bin are divided by it.
    """
    return np.clip(mel_from_linear().sum(axis=0), 0.1, 1.0)


def band_centres_hz() -> DoubleArray:
    """The frequency [mel] that each band really hears at its peak.

    That is a bin's width above the nominal one at the low end, and the same at the high end, as
    the rows of the matrix stand for frequencies lower than those of their bins.
    """
    row = HTK.to_hz(_edges_mel())[1:-1] / _NYQUIST_HZ * (FREQUENCY_BINS - 1)
    return (row + 1) * _NYQUIST_HZ / FREQUENCY_BINS


def _edges_mel() -> DoubleArray:
    """The 1,026 edges: band i lies between edges i and i + 2, with its peak at i + 1.

    Bands too narrow to hold a bin are widened one after the other in the list that all share, so
    a widened band moves the peaks of its neighbours, which see the moved values in their turn.
    """
    edges = np.linspace(0, HTK.from_hz(_NYQUIST_HZ), MEL_BANDS + 2)
    for band in range(MEL_BANDS):
        low_hz, peak_hz, high_hz = HTK.to_hz(edges[band : band + 3])
        if high_hz - low_hz < _NARROWEST_BAND_HZ:
            half = np.arcsinh(0.5 * _NARROWEST_BAND_HZ / (peak_hz + _MEL_BREAK_HZ))
            edges[band] = edges[band + 1] - _MEL_SCALE * half
            edges[band + 2] = edges[band + 1] + _MEL_SCALE * half
    return edges
