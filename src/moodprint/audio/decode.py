"""Samples out of any audio or video file: streamed, or whole as a Clip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.media import readable_file
from moodprint.audio.read_pyav import PyAVReader
from moodprint.audio.read_soundfile import SoundFileReader
from moodprint.audio.resample import StreamResampler
from moodprint.clip import Clip, FloatArray, Origin
from moodprint.errors import EmptyFileError, OptionError


class AudioStream:
    """The sound of a file as blocks, in memory that does not grow with its length.

    Iterate once. Each block is float32: [n] where ``mono``, else [C, n], with n about
    ``block_s`` seconds at ``sample_rate_hz`` (the file's own rate where None was asked for).
    Values that are not finite come out as 0. ``warnings`` fills while reading: a truncated or
    damaged file is read as far as it goes.

    ``start_s`` and ``stop_s`` choose a part; a start past the end gives no block.

    Raises (from the constructor):
        MissingFileError, NoPermissionError, EmptyFileError, NotMediaError, NoAudioError,
        OptionError: times that make no sense.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        sample_rate_hz: int | None = None,
        mono: bool = True,
        start_s: float = 0.0,
        stop_s: float | None = None,
        block_s: float = 10.0,
    ) -> None:
        if start_s < 0 or block_s <= 0 or (stop_s is not None and stop_s < start_s):
            raise OptionError(
                f"a part of a file needs 0 <= start_s <= stop_s and block_s > 0, "
                f"not {start_s}, {stop_s}, {block_s}"
            )
        self.path = readable_file(path)
        self._reader = _open(self.path)
        self.native_rate_hz = self._reader.sample_rate_hz
        self.sample_rate_hz = sample_rate_hz or self.native_rate_hz
        self.channels = 1 if mono else self._reader.channels
        self.warnings: list[str] = []
        self._mono, self._block_s = mono, block_s
        self._start_s, self._stop_s = start_s, stop_s

    def __iter__(self) -> Iterator[FloatArray]:
        try:
            for block in self._resampled():
                yield block[0] if self._mono else block
        finally:
            self.close()

    def close(self) -> None:
        self._reader.close()

    def _resampled(self) -> Iterator[FloatArray]:
        if self.sample_rate_hz == self.native_rate_hz:
            yield from self._native()
            return
        resampler = StreamResampler(self.native_rate_hz, self.sample_rate_hz, self.channels)
        for block in self._native():
            yield from _nonempty(resampler.push(block))
        yield from _nonempty(resampler.finish())

    def _native(self) -> Iterator[FloatArray]:
        """Blocks [C, n] at the file's rate, mixed to mono where asked for, up to ``stop_s``."""
        left = None
        if self._stop_s is not None:
            rate = self.native_rate_hz
            left = round(self._stop_s * rate) - round(self._start_s * rate)
        for block in self._reader.blocks(self._block_s, self._start_s, self.warnings.append):
            if self._mono and block.shape[0] > 1:
                block = _mix(block)
            if not np.isfinite(block.sum(dtype=np.float32)):
                block = _made_finite(block)
            if left is not None:
                block = block[:, :left]
                left -= block.shape[1]
            yield from _nonempty(block)
            if left == 0:
                return


def stream(
    path: str | Path,
    *,
    sample_rate_hz: int | None = None,
    mono: bool = True,
    start_s: float = 0.0,
    stop_s: float | None = None,
    block_s: float = 10.0,
) -> AudioStream:
    """The sound of a file as blocks: see AudioStream."""
    return AudioStream(
        path,
        sample_rate_hz=sample_rate_hz,
        mono=mono,
        start_s=start_s,
        stop_s=stop_s,
        block_s=block_s,
    )


def decode(
    path: str | Path,
    *,
    sample_rate_hz: int | None = None,
    mono: bool = False,
    start_s: float = 0.0,
    stop_s: float | None = None,
) -> Clip:
    """The sound of a file, or of a part of it, whole.

    Raises:
        EmptyFileError: there are no samples in that part; and all that AudioStream raises.
    """
    source = AudioStream(
        path, sample_rate_hz=sample_rate_hz, mono=mono, start_s=start_s, stop_s=stop_s
    )
    blocks = [np.atleast_2d(block) for block in source]
    if not blocks:
        raise EmptyFileError(f"{path}: holds no audio samples from {start_s:g} s on")
    samples = np.concatenate(blocks, axis=1)
    return Clip(samples, source.sample_rate_hz, Origin(str(path), start_s))


def _open(path: Path) -> SoundFileReader | PyAVReader:
    if SoundFileReader.may_read(path):
        try:
            return SoundFileReader(path)
        except (soundfile.LibsndfileError, RuntimeError):
            pass  # such as ADPCM in a wav or a video in Ogg: FFmpeg knows more
    return PyAVReader(path)


def _mix(block: FloatArray) -> FloatArray:
    mean: FloatArray = block.mean(axis=0, dtype=np.float32, keepdims=True)
    return mean


def _made_finite(block: FloatArray) -> FloatArray:
    return np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)


def _nonempty(block: FloatArray) -> Iterator[FloatArray]:
    if block.shape[-1]:
        yield block
