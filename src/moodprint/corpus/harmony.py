"""Harmony over time: how strong each quarter tone of the octave is, twice a second.

After the CENS features of Müller, Kurth and Clausen (ISMIR 2005): compressed, smoothed, and so
the same for other encodings, levels and instruments.

Not the chroma of audio/chroma.py, which has the twelve pitch classes that the recogniser's
features and explanations count: there it matters which note sounds. Here it matters whether two
songs are the same: quarter tones show one that plays a few per cent faster.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from moodprint.audio.stft import FrameStream, frequencies_hz, hann, magnitudes
from moodprint.clip import FloatArray
from moodprint.pitch import A4_MIDI, PITCH_CLASSES, hz_to_midi

RATE_HZ = 11_025
"""Half of it, 5.5 kHz, lies above the highest pitch that counts."""
FRAMES_PER_S = 2.0
"""About a chord each: a song of four minutes is 480 frames, and a pair takes 2 ms to align."""
BINS = 24
"""Quarter tones: a song at 3 % more speed lies one higher, at 2 semitones four."""

_WINDOW = 4096
"""0.37 s and bins of 2.7 Hz: from 110 Hz on a semitone is more than two bins wide."""
_HOP = 1102
_PER_FRAME = 5
"""Five spectra, 0.1 s apart, are averaged in each frame: so 2 frames a second."""
_LOWEST_HZ, _HIGHEST_HZ = 110.0, 3520.0
"""Five octaves from A2: below the bins are too wide, above there is more noise than harmony."""
_COMPRESSION = 100.0
"""log(1 + 100 x) of a spectrum that peaks at 1: 40 dB below it still counts 0.15 of it."""
_SILENT_PEAK = np.float32(1e-4)
"""Below what rounding to 16 bits leaves in a bin (3e-4): silence is not lifted to a peak of 1."""
_SILENT_LENGTH = 1e-3
"""A frame with so little in it has no harmony, and gives zeros rather than noise of length 1."""


def chroma(mono: FloatArray) -> FloatArray:
    """[N] at RATE_HZ -> [T, BINS], each frame of length 1 without its mean; silence gives zeros."""
    meter = ChromaMeter()
    meter.push(mono)
    return meter.finish()


class ChromaMeter:
    """Takes samples [n] at RATE_HZ in blocks of any lengths; their joints leave no trace."""

    def __init__(self) -> None:
        self._framing = FrameStream(_WINDOW, _HOP)
        self._strengths: list[FloatArray] = []
        self._seen = 0

    def push(self, block: FloatArray) -> None:
        """More samples [n]."""
        self._seen += len(block)
        self._strengths += [_strength(framed) for framed in self._framing.push(block)]

    def finish(self) -> FloatArray:
        """The chroma of all that was pushed: see the function. Less than a window is one frame."""
        if not self._strengths:
            self.push(np.zeros(max(0, _WINDOW - self._seen), np.float32))
        strengths = np.concatenate(self._strengths)
        count = -(-len(strengths) // _PER_FRAME)
        padded = np.pad(strengths, ((0, count * _PER_FRAME - len(strengths)), (0, 0)))
        return _unit(padded.reshape(count, _PER_FRAME, BINS).mean(axis=1))


def _strength(framed: FloatArray) -> FloatArray:
    """[t, window] -> [t, BINS]: compressed so that a quiet voice counts beside a loud one."""
    spectrum = magnitudes(framed, _window())
    loudest = np.maximum(spectrum.max(axis=1, keepdims=True), _SILENT_PEAK)
    return np.log1p(_COMPRESSION * spectrum / loudest).astype(np.float32) @ _fold()


def _unit(values: FloatArray) -> FloatArray:
    centred = values - values.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = np.where(length > _SILENT_LENGTH, centred / np.maximum(length, 1e-9), 0)
    return unit.astype(np.float32)


@cache
def _window() -> FloatArray:
    return hann(_WINDOW, symmetric=True).astype(np.float32)


@cache
def _fold() -> FloatArray:
    """[F, BINS]: which quarter tone of the octave each bin of the spectrum belongs to."""
    hz = frequencies_hz(_WINDOW, RATE_HZ)
    in_band = (hz >= _LOWEST_HZ) & (hz <= _HIGHEST_HZ)
    tone = BINS / PITCH_CLASSES * (hz_to_midi(np.maximum(hz, 1.0)) - A4_MIDI)
    below = np.floor(tone).astype(int)
    fold = np.zeros((len(hz), BINS), np.float32)
    rows = np.flatnonzero(in_band)
    np.add.at(fold, (rows, below[rows] % BINS), 1 - (tone - below)[rows])
    np.add.at(fold, (rows, (below[rows] + 1) % BINS), (tone - below)[rows])
    fold /= np.maximum(fold.sum(axis=0), 1)
    return fold
