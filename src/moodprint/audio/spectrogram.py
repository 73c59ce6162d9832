"""Log-mel spectrograms of a signal that comes in blocks: the input of the emotion network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from moodprint.audio.mel import HTK, mel_edges_hz, triangles
from moodprint.audio.stft import FrameStream, frequencies_hz, powers, unit_hann
from moodprint.clip import FloatArray
from moodprint.errors import OptionError


@dataclass(frozen=True)
class LogMel:
    """The parameters of a log-mel spectrogram, and the transform that they define.

    Frame t covers the ``window`` samples centred on sample t * ``hop``, with zeros before the
    start and after the end, so N samples give 1 + N // hop frames. Values are power in dB, where
    a sine of full scale that fills one band has about 0 dB, clipped at ``floor_db`` from below.
    The bands are triangles evenly spaced on the HTK mel scale, each of peak 1, as in VGGish and
    YAMNet.
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
        """64 unless other parameters are given."""
        return self.sample_rate_hz / self.hop

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> LogMel:
        """The spectrogram that a model's card describes."""
        return cls(**fields)

    def of(self, samples: FloatArray) -> FloatArray:
        """The spectrogram of a whole signal [N]: float32 [T, bands]; no samples give one frame."""
        return np.concatenate(list(self.stream([samples])))

    def stream(self, blocks: Iterable[FloatArray]) -> Iterator[FloatArray]:
        """The same frames as ``of`` the joined blocks [n], in pieces [t, bands]."""
        silence = np.zeros(self.window // 2, np.float32)
        framing = FrameStream(self.window, self.hop, before=len(silence))
        for block in chain(blocks, [silence]):
            for framed in framing.push(block):
                yield self._decibels(framed)

    def _decibels(self, framed: FloatArray) -> FloatArray:
        mel = powers(framed, self._taper) @ self._filters
        floor = np.float32(10 ** (self.floor_db / 10))
        return 10 * np.log10(np.maximum(mel, floor), dtype=np.float32)

    @cached_property
    def _taper(self) -> FloatArray:
        return unit_hann(self.window)

    @cached_property
    def _filters(self) -> FloatArray:
        """Mel weights [window // 2 + 1, bands]."""
        edges_hz = mel_edges_hz(HTK, self.lowest_hz, self.highest_hz, self.bands)
        bins_hz = frequencies_hz(self.window, self.sample_rate_hz)
        return triangles(bins_hz, edges_hz).astype(np.float32)
