"""The level of a signal over time, measured while it streams; ``audio.loudness`` is loudness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.audio.decode import AudioStream
from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.clip import FloatArray
from moodprint.errors import EmptyFileError

LOWEST_DB = -120.0
"""What digital silence is given; nothing below it is told apart."""

HOP_MS = 10
"""A frame: cuts are timed to so much."""
_BLOCK_S = 1.0
"""Short enough for a core's cache: a quarter faster than 10 s."""


@dataclass(frozen=True)
class LevelCurve:
    """The level of a signal, one frame after the other, without overlap.

    ``levels_db`` is float32 [T] in dBFS: the mean power of a frame over all channels, so that a
    full-scale square is 0, a full-scale sine -3.01, and nothing less than -120. Channels in
    opposite phase do not cancel. The last frame may be shorter than ``hop_s``.

    ``edge_db`` is float32 [T] likewise, of the differences between neighbouring samples: it
    shows the treble, and no rumble or offset. Noise of any colour is steady in it. ``warnings``
    are those of the decoding, where a file was measured.
    """

    levels_db: FloatArray
    edge_db: FloatArray
    hop_s: float
    duration_s: float
    warnings: tuple[str, ...] = ()

    @property
    def loudest_db(self) -> float:
        """The level of the loudest frame."""
        return float(self.levels_db.max())

    def time_s(self, frame: int) -> float:
        """When a frame begins; the frame after the last begins at the end."""
        return min(frame * self.hop_s, self.duration_s)


class LevelMeter:
    """Takes blocks [C, n] of any lengths; their joints leave no trace in the curve."""

    def __init__(self, sample_rate_hz: int, hop_ms: float = HOP_MS) -> None:
        self._rate = sample_rate_hz
        self._hop = max(1, round(sample_rate_hz * hop_ms / 1000))
        self._rest: FloatArray | None = None
        self._powers: list[FloatArray] = []
        self._edges: list[FloatArray] = []
        self._seen = 0

    def push(self, block: FloatArray) -> None:
        """Measure the next samples [C, n], or [n]."""
        block = np.atleast_2d(block)
        self._seen += block.shape[1]
        if self._rest is not None and self._rest.shape[1]:
            block = np.concatenate([self._rest, block], axis=1)
        whole = block.shape[1] // self._hop * self._hop
        self._measure(block[:, :whole], self._hop)
        self._rest = block[:, whole:].copy()

    def finish(self) -> LevelCurve:
        """The curve of all that was pushed.

        Raises:
            EmptyFileError: nothing was pushed.
        """
        if not self._seen:
            raise EmptyFileError("there are no samples to measure the level of")
        if self._rest is not None and self._rest.shape[1]:
            self._measure(self._rest, self._rest.shape[1])
        self._rest = None
        levels_db, edge_db = (_db(np.concatenate(part)) for part in (self._powers, self._edges))
        return LevelCurve(levels_db, edge_db, self._hop / self._rate, self._seen / self._rate)

    def _measure(self, block: FloatArray, hop: int) -> None:
        if not block.shape[1]:
            return
        frames = block.reshape(block.shape[0], -1, hop)
        self._powers.append(_mean_square(frames))
        self._edges.append(_mean_square(frames[:, :, 1:] - frames[:, :, :-1]))


def measure(blocks: Iterable[FloatArray], sample_rate_hz: int) -> LevelCurve:
    """The level of a signal that comes in blocks [n] or [C, n]."""
    meter = LevelMeter(sample_rate_hz)
    for block in blocks:
        meter.push(block)
    return meter.finish()


def measure_file(
    path: str | Path,
    *,
    start_s: float = 0.0,
    stop_s: float | None = None,
    options: DecodeOptions = DEFAULT_OPTIONS,
) -> LevelCurve:
    """The level of a file or of a part of it, at its own rate, in flat memory.

    Raises:
        EmptyFileError: no samples there; and all that AudioStream raises.
    """
    source = AudioStream(
        path, mono=False, start_s=start_s, stop_s=stop_s, block_s=_BLOCK_S, options=options
    )
    try:
        curve = measure(source, source.sample_rate_hz)
        return replace(curve, warnings=tuple(source.warnings))
    except EmptyFileError:
        raise EmptyFileError(f"{path}: holds no audio samples from {start_s:g} s on") from None


def _mean_square(frames: FloatArray) -> FloatArray:
    """[T] over channels and samples of [C, T, n]. Some hundred squares are exact in float32."""
    total = np.einsum("ctn,ctn->t", frames, frames)
    return total / np.float32(max(1, frames.shape[0] * frames.shape[2]))


def _db(power: FloatArray) -> FloatArray:
    return np.maximum(10 * np.log10(power + np.float32(1e-20)), np.float32(LOWEST_DB))
