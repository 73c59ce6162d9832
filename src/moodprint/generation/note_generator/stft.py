"""The short-time Fourier transform of GANSynth: notes padded in front, no DC bin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from moodprint.audio.stft import frames, hann, overlapped, spectra, synthesis_window

SAMPLE_RATE_HZ = 16_000
FFT_SIZE = 2048
HOP = 512
FREQUENCY_BINS = FFT_SIZE // 2
OVERLAPS = FFT_SIZE // HOP
FRONT_PADDING = 3072

DoubleArray = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]

_WINDOW = hann(FFT_SIZE)
_INVERSE_WINDOW = synthesis_window(_WINDOW, HOP)


def frames_of(samples: int) -> int:
    """How many frames a note of so many samples takes: 128 for the 64,000 of GANSynth."""
    return -(-samples // HOP) + FRONT_PADDING // HOP - OVERLAPS + 1


def stft(waveform: npt.ArrayLike) -> ComplexArray:
    """Spectra [B, T, F] of notes [B, N], with bins from 7.8 to 8,000 Hz.

    All padding lies in front, so that the last frames see the end of the note through the
    falling half of their window; a note that is no multiple of the hop is filled up with zeros.
    """
    samples = np.asarray(waveform, np.float64)
    fill = -samples.shape[1] % HOP
    padded = np.pad(samples, ((0, 0), (FRONT_PADDING, fill)))
    return spectra(frames(padded, FFT_SIZE, HOP), _WINDOW)[..., 1:]


def inverse_stft(notes: ComplexArray) -> DoubleArray:
    """Notes [B, N] of spectra [B, T, F]; exact but for DC and the last 1,536 samples.

    Those are covered by fewer frames than the window is made for, and so fade out.
    """
    with_dc = np.pad(notes, ((0, 0), (0, 0), (1, 0)))
    pieces = np.fft.irfft(with_dc, FFT_SIZE, axis=-1) * _INVERSE_WINDOW
    return overlapped(pieces, HOP)[:, FRONT_PADDING:]
