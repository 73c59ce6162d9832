"""Log-mel spectrograms of a signal that comes in blocks: the input of our ear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import OptionError

_FRAMES_AT_ONCE = 128
"""Few enough that a piece of work stays in the processor's cache."""


@dataclass(frozen=True)
class LogMel:
    """The parameters of a log-mel spectrogram, and the transform that they define.

    Frame t covers the ``window`` samples centred on sample t * ``hop``, with zeros before the
    start and after the end, so N samples give 1 + N // hop frames. Values are power in dB, where
    a sine of full scale that fills one band has about 0 dB, clipped at ``floor_db`` from below.
    The bands are triangles evenly spaced on the mel scale of O'Shaughnessy
    (1127 ln(1 + f / 700)), each of peak 1, as in VGGish and YAMNet.
    """

    sample_rate_hz: int = 16_000
    hop: int = 250
    window: int = 800
    bands: int = 64
    lowest_hz: float = 40.0
    highest_hz: float = 8_000.0
    floor_db: float = -100.0

    def __post_init__(self) -> None:
        if not 0 < self.hop <= self.window or self.window % 2:
            raise OptionError(
                f"a spectrogram needs 0 < hop <= window and an even window, "
                f"not {self.hop} and {self.window}"
            )
        if not 0 <= self.lowest_hz < self.highest_hz <= self.sample_rate_hz / 2:
            raise OptionError(
                f"bands lie within 0 to {self.sample_rate_hz / 2:g} Hz, "
                f"not {self.lowest_hz:g} to {self.highest_hz:g}"
            )

    @property
    def frames_per_second(self) -> float:
        return self.sample_rate_hz / self.hop

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> LogMel:
        return cls(**fields)

    def of(self, samples: FloatArray) -> FloatArray:
        """The spectrogram of a whole signal [N]: float32 [T, bands]; no samples give one frame."""
        return np.concatenate(list(self.stream([samples])))

    def stream(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """The same frames as ``of`` the joined blocks [n], in pieces [t, bands]."""
        silence = np.zeros(self.window // 2, np.float32)
        held = silence
        for block in chain(blocks, [silence]):
            held = np.concatenate([held, block])
            count = 0 if len(held) < self.window else 1 + (len(held) - self.window) // self.hop
            for first in range(0, count, _FRAMES_AT_ONCE):
                piece = held[first * self.hop :]
                yield self._frames(piece, min(count - first, _FRAMES_AT_ONCE))
            held = held[count * self.hop :]

    def _frames(self, samples: FloatArray, count: int) -> FloatArray:
        pieces = np.lib.stride_tricks.sliding_window_view(samples, self.window)[:: self.hop]
        spectrum = np.fft.rfft(pieces[:count] * self._taper)
        power = spectrum.real**2 + spectrum.imag**2
        mel = power.astype(np.float32, copy=False) @ self._filters
        floor = np.float32(10 ** (self.floor_db / 10))
        decibels: FloatArray = 10 * np.log10(np.maximum(mel, floor), dtype=np.float32)
        return decibels

    @cached_property
    def _taper(self) -> FloatArray:
        """A periodic Hann window, scaled so that a sine of full scale peaks at power 1."""
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.window) / self.window)
        taper: FloatArray = (hann * 2 / hann.sum()).astype(np.float32)
        return taper

    @cached_property
    def _filters(self) -> FloatArray:
        """Mel weights [window // 2 + 1, bands]."""
        edges = _hz(np.linspace(_mel(self.lowest_hz), _mel(self.highest_hz), self.bands + 2))
        bins = np.linspace(0, self.sample_rate_hz / 2, self.window // 2 + 1)[:, None]
        low, peak, high = edges[:-2], edges[1:-1], edges[2:]
        rise, fall = (bins - low) / (peak - low), (high - bins) / (high - peak)
        return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


def _mel(hz: float) -> float:
    return float(1127 * np.log1p(hz / 700))


def _hz(mel: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return 700 * np.expm1(mel / 1127)
