"""What two sounds have in common, as sound: the voice of two films under different music, or the
music under different voices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.audio.stft import frequencies_hz, hann, overlapped, spectra, synthesis_window
from moodprint.clip import FloatArray

_WINDOW_S = 0.064
"""Longer than the 35 ms by which two places may be off that were found by their peaks."""
_OVERLAP = 4
_LOUD = 0.9
"""The quantile over which a point of a spectrogram counts where levels are compared: what is loud
in both is mostly what they share."""
_LEAST = 1e-9


@dataclass(frozen=True)
class CommonSound:
    """Samples [N] that two sounds share, and what each holds beside them."""

    common: FloatArray
    first_rest: FloatArray
    second_rest: FloatArray


def common_sound(
    first: FloatArray,
    second: FloatArray,
    sample_rate_hz: int,
    *,
    speed: float = 1.0,
    pitch_semitones: float = 0.0,
) -> CommonSound:
    """The common part of two sounds [N] and [M] that begin at the same place of what they share.

    ``speed`` and ``pitch_semitones`` are those of ``first`` over ``second``. The lesser magnitude
    of each point of their spectrograms is common, once the second is brought to the first's level.
    What is shorter than a window has nothing in common.
    """
    window = round(_WINDOW_S * sample_rate_hz / _OVERLAP) * _OVERLAP
    hop, shape = window // _OVERLAP, hann(window).astype(np.float32)
    starts = np.arange(0, max(0, len(first) - window + 1), hop)
    others = np.rint(starts * speed).astype(np.int64)
    there = others + window <= len(second)
    if not there.any():
        return CommonSound(*(np.zeros(0, np.float32) for _ in range(3)))
    span = np.arange(window)
    one = spectra(first[starts[there, None] + span], shape)
    other = _pitched(spectra(second[others[there, None] + span], shape), pitch_semitones)
    magnitude, beside = np.abs(one), np.abs(other)
    beside *= _gain(magnitude, beside)
    shared = np.minimum(magnitude, beside)

    def sound(spectrum: FloatArray, share: FloatArray) -> FloatArray:
        framed = np.fft.irfft(spectrum * share, window) * synthesis_window(shape, hop)
        samples: FloatArray = overlapped(framed.astype(np.float32), hop)
        return samples

    of_first, of_second = shared / (magnitude + _LEAST), shared / (beside + _LEAST)
    return CommonSound(sound(one, of_first), sound(one, 1 - of_first), sound(other, 1 - of_second))


def _pitched(spectrum: FloatArray, semitones: float) -> FloatArray:
    """Spectra [T, F] so much higher."""
    if abs(semitones) < 0.01:
        return spectrum
    place = frequencies_hz(2 * (spectrum.shape[1] - 1), 1)
    source = np.rint(place * 2 ** (-semitones / 12) / place[1]).astype(np.int64)
    return spectrum[:, np.minimum(source, len(place) - 1)]


def _gain(first: FloatArray, second: FloatArray) -> float:
    """How much louder the first is where both are loud; 1 where that is nowhere."""
    loud = (first >= np.quantile(first, _LOUD)) & (second >= np.quantile(second, _LOUD))
    loud &= second > _LEAST
    return float(np.median(first[loud] / second[loud])) if loud.any() else 1.0
