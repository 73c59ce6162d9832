"""Onsets, tempo and how clear the pulse is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.audio.stft import hann
from moodprint.audio.tempo import tempo_preference
from moodprint.clip import FloatArray
from moodprint.features.descriptors.frames import HOP, SAMPLE_RATE_HZ, WINDOW

_MEMORY_S = 8.0
"""librosa's: four beats at 30 bpm."""
_FASTEST_BPM, _USUAL_BPM = 320.0, 120.0
"""librosa's: faster than any music is counted, and where listeners tap most often."""
_FRAMES_AT_ONCE = 512
"""Bounds memory: 1.4 MB of spectra at a time, whatever the length of the sound."""
_STEADY = 0.1
"""Where fewer frames than this share have an onset within 4 s, there is no pulse to speak of."""


def onset_strength(log_mel: FloatArray) -> FloatArray:
    """The mean rise of a log-mel spectrum [T, 128] since the frame before, in dB [T].

    Delayed by half a window, as librosa does, so that it peaks where the onset is.
    """
    rise = np.maximum(np.diff(log_mel, axis=0), 0).mean(axis=1)
    late = np.zeros(1 + WINDOW // (2 * HOP), np.float32)
    return np.concatenate([late, rise])[: len(log_mel)]


@dataclass(frozen=True)
class Pulse:
    """``tempo_bpm``: 0 where there are no onsets. ``clarity`` in [0, 1]: how alike the onsets are
    one beat apart. ``onsets_per_s``: clear peaks of the onset strength."""

    tempo_bpm: float
    clarity: float
    onsets_per_s: float


def pulse(onsets: FloatArray) -> Pulse:
    """The pulse of an onset strength [T], 43 frames a second.

    The tempo is the one that librosa's ``tempo`` finds: the best lag of the mean of local
    autocorrelations over 8 s, with a preference for 120 bpm (Grosche et al. 2010, Ellis 2007).
    """
    likeness = _mean_tempogram(onsets)
    if likeness[0] < _STEADY:
        return Pulse(0.0, 0.0, _peaks_per_s(onsets))
    bpm = 60 * SAMPLE_RATE_HZ / HOP / np.arange(1, len(likeness))
    usual = tempo_preference(bpm, _USUAL_BPM, 1.0)
    score = np.where(bpm < _FASTEST_BPM, np.log1p(1e6 * likeness[1:]) + usual, -np.inf)
    best = int(score.argmax())
    return Pulse(float(bpm[best]), float(likeness[1 + best]), _peaks_per_s(onsets))


def _mean_tempogram(onsets: FloatArray) -> FloatArray:
    """The mean over frames of the autocorrelation around each, scaled to 1 at lag 0.

    The transform back is linear, so one of the mean spectrum does for all frames.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    memory = int(_MEMORY_S * SAMPLE_RATE_HZ // HOP)
    window = hann(memory).astype(np.float32)
    padded = np.pad(onsets, memory // 2, mode="linear_ramp", end_values=0)
    around = np.lib.stride_tricks.sliding_window_view(padded, memory)[: len(onsets)]
    size = next_fast_len(2 * memory - 1, real=True)
    total = np.zeros(size // 2 + 1)
    for first in range(0, len(around), _FRAMES_AT_ONCE):
        spectrum = rfft(around[first : first + _FRAMES_AT_ONCE] * window, size)
        power = spectrum.real**2 + spectrum.imag**2
        energy = (2 * power.sum(axis=1) - power[:, 0] - power[:, -1] * (size % 2 == 0)) / size
        total += (power / np.where(energy < 1e-12, np.inf, energy)[:, None]).sum(axis=0)
    return irfft(total / len(around), size)[:memory]


def _peaks_per_s(onsets: FloatArray) -> float:
    """Local maxima that stand out by one standard deviation from the mean."""
    middle = onsets[1:-1]
    peak = (middle > onsets[:-2]) & (middle >= onsets[2:])
    clear = peak & (middle > onsets.mean() + onsets.std())
    return float(clear.sum() * SAMPLE_RATE_HZ / HOP / len(onsets))
