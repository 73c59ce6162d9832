"""Samples out of any audio or video file: streamed, or whole as a Clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf, isfinite
from pathlib import Path

import numpy as np
import soundfile

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.audio.downmix import Downmix
from moodprint.audio.media import readable_file
from moodprint.audio.read_pyav import PyAVReader
from moodprint.audio.read_soundfile import SoundFileReader
from moodprint.audio.resample import StreamResampler
from moodprint.audio.truncation import is_cut_off
from moodprint.audio.unfilled_headers import header_patches
from moodprint.clip import Clip, FloatArray, Origin
from moodprint.errors import EmptyFileError, OptionError


class AudioStream:
    """The sound of a file as blocks, in memory that does not grow with its length.

    Iterate once. Each block is float32: [n] where ``mono``, else [C, n], with n about
    ``block_s`` seconds at ``sample_rate_hz`` (the file's own rate where None was asked for).
    Values that are not finite, or far beyond what any scale of samples holds, come out as 0.
    ``warnings`` fills while reading: a truncated or damaged file is read as far as it goes.
    ``listeners`` are given the same sound as it is in the file: blocks [C, n] of all
    ``native_channels`` at ``native_rate_hz``, before they are mixed and resampled.

    ``start_s`` and ``stop_s`` choose a part; a start past the end gives no block.

    Raises (from the constructor):
        MissingFileError, NoPermissionError, EmptyFileError, NotMediaError, NoAudioError,
        OptionError: times or a rate that make no sense.
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
        options: DecodeOptions = DEFAULT_OPTIONS,
    ) -> None:
        stop_s = inf if stop_s is None else stop_s
        if not (0 <= start_s <= stop_s and isfinite(start_s)):
            raise OptionError(f"a part needs 0 <= start_s <= stop_s, not {start_s} and {stop_s}")
        if not 0 < block_s < inf:
            raise OptionError(f"a block has a length above 0, not {block_s} s")
        if sample_rate_hz is not None and sample_rate_hz <= 0:
            raise OptionError(f"a rate is above 0, not {sample_rate_hz} Hz")
        self.path = readable_file(path)
        self._reader = _open(self.path, options.track)
        self.native_rate_hz = self._reader.sample_rate_hz
        self.sample_rate_hz = sample_rate_hz or self.native_rate_hz
        self.native_channels = self._reader.channels
        self.channels = 1 if mono else self.native_channels
        self.listeners: list[Callable[[FloatArray], None]] = []
        self.warnings = _first_warnings(self.path, self._reader.note)
        self._mono = mono
        self._block_s = min(block_s, _MOST_VALUES / (self.native_rate_hz * self.native_channels))
        self._start_s, self._stop_s, self._longest_s = start_s, stop_s, options.longest_s

    @property
    def expected_s(self) -> float | None:
        """About how many seconds will come, by the header; None where that does not say. For
        people who wait: the sound may be longer or shorter."""
        whole_s = self._reader.expected_s
        if whole_s is None:
            return None
        return max(0.0, min(whole_s - self._start_s, self._stop_s - self._start_s, self._longest_s))

    def __iter__(self) -> Iterator[FloatArray]:
        try:
            for block in self._resampled():
                yield block[0] if self._mono else block
        finally:
            self.close()

    def close(self) -> None:
        """Close the file; a stream that was read to its end has done so itself."""
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
        limited = self._start_s + self._longest_s < self._stop_s
        stop_s = self._start_s + self._longest_s if limited else self._stop_s
        left = round(stop_s * self.native_rate_hz) - round(self._start_s * self.native_rate_hz)
        downmix = Downmix()
        for block in self._reader.blocks(self._block_s, self._start_s, self.warnings.append):
            too_long = block.shape[1] > left
            if not max(block.max(), -block.min()) <= _LOUDEST:  # NaN fails every comparison
                block = _without_nonsense(block)
            for listener in self.listeners:
                listener(block[:, :left])
            if self._mono:
                block = downmix(block)
            yield from _nonempty(block[:, :left])
            left -= min(left, block.shape[1])
            if limited and too_long:
                self.warnings.append(f"only its first {_length(self._longest_s)} were heard")
            if too_long or (left == 0 and not limited):
                break
        if downmix.cancelled:
            self.warnings.append("its channels cancel out one another: the loudest was heard")


stream = AudioStream
"""The same, where a verb reads better: ``for block in stream(path)``."""


def decode(
    path: str | Path,
    *,
    sample_rate_hz: int | None = None,
    mono: bool = False,
    start_s: float = 0.0,
    stop_s: float | None = None,
    options: DecodeOptions = DEFAULT_OPTIONS,
) -> Clip:
    """The sound of a file, or of a part of it, whole.

    Raises:
        EmptyFileError: there are no samples in that part; and all that AudioStream raises.
    """
    source = AudioStream(
        path,
        sample_rate_hz=sample_rate_hz,
        mono=mono,
        start_s=start_s,
        stop_s=stop_s,
        options=options,
    )
    blocks = [np.atleast_2d(block) for block in source]
    if not blocks:
        raise EmptyFileError(f"{path}: holds no audio samples from {start_s:g} s on")
    samples = np.concatenate(blocks, axis=1)
    return Clip(samples, source.sample_rate_hz, Origin(str(path), start_s, tuple(source.warnings)))


def _open(path: Path, track: int | None) -> SoundFileReader | PyAVReader:
    if (track or 1) == 1 and SoundFileReader.may_read(path):
        try:
            return SoundFileReader(path)
        except (soundfile.LibsndfileError, TypeError):
            pass  # such as a video in Ogg, or a name that ends in .raw: FFmpeg knows more
    return PyAVReader(path, track)


def _first_warnings(path: Path, note: str) -> list[str]:
    """What is known before a sample is read."""
    if header_patches(path):
        return ["its header was never finished: it was read to the end", *filter(None, [note])]
    return [*([_CUT_OFF] if is_cut_off(path) else []), *filter(None, [note])]


def _length(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 3600 else f"{seconds / 3600:g} h"


_CUT_OFF = "the file is truncated: it was read as far as it goes"
_MOST_VALUES = 16_000_000
"""Of a block: 64 MB. Ten seconds of 64 channels at 192 kHz would take half a gigabyte."""

_LOUDEST = 1e6
"""Float samples may be on the scale of integers. Beyond it they are damage, and their squares
would overflow."""


def _without_nonsense(block: FloatArray) -> FloatArray:
    return np.where(np.abs(block) <= _LOUDEST, block, np.float32(0))


def _nonempty(block: FloatArray) -> Iterator[FloatArray]:
    if block.shape[-1]:
        yield block
