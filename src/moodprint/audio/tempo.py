"""What estimators of tempo share: how alike a signal is to itself later, which tempi are usual.

There are three, of different things. ``features.descriptors.rhythm`` finds the tempo that librosa
finds, so that features compare with those of others. ``recognition.explanation.cues.tempo`` says
what a listener would tap, or that there is nothing to tap. ``generation.midi.tempo`` reads the
starts of written notes, whose times it knows exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.errors import OptionError

DoubleArray = npt.NDArray[np.float64]


def autocorrelation(signal: npt.NDArray[Any], lags: int) -> DoubleArray:
    """The sum of products of a signal [N] with itself ``lag`` values later, for lags 0, 1, ...
    [lags]; beyond its ends the signal is 0. By Fourier transforms of a power of two (Wiener and
    Khinchin), so that long ones are quick.

    Raises:
        OptionError: no values, or no lag.
    """
    if not len(signal) or lags < 1:
        raise OptionError(f"{len(signal)} values have no {lags} lags")
    size = 2 ** int(np.ceil(np.log2(len(signal) + lags)))
    spectrum = np.fft.rfft(np.asarray(signal, np.float64), size)
    return np.fft.irfft(spectrum.real**2 + spectrum.imag**2, size)[:lags]


def tempo_preference(bpm: npt.NDArray[Any], usual_bpm: float, octaves: float) -> DoubleArray:
    """The logarithm of how much each tempo is preferred, 0 for the usual one: a normal distribution
    over the logarithm of the tempo, of which ``octaves`` is the standard deviation (Parncutt,
    Music Perception 1994; Ellis, Journal of New Music Research 2007)."""
    return -0.5 * (np.log2(bpm / usual_bpm) / octaves) ** 2
