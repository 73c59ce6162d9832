"""Blocks of samples through FFmpeg (PyAV): any container, any codec, the sound of any video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from moodprint.audio.media import check_format, refusal
from moodprint.clip import FloatArray
from moodprint.errors import NoAudioError, NotMediaError

_SMALLEST_GAP_S = 0.1
_SAFE_SEEK_BACK_S = 1.0


class PyAVReader:
    """One open container and its first audio track. ``blocks`` gives float32 [C, n] until the end.

    Time 0 is the start of the container, so that what is heard lines up with what is seen:
    a track that begins later, or pauses, is filled with silence.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._container = av.open(str(path), metadata_errors="ignore")
        except (av.FFmpegError, OSError) as error:
            raise refusal(path, error) from error
        if not self._container.streams.audio:
            self._container.close()
            raise NoAudioError(f"{path}: has no audio track")
        self._stream = self._container.streams.audio[0]
        context = getattr(self._stream, "codec_context", None)  # None for an unknown codec
        if context is None:
            self._container.close()
            raise NotMediaError(f"{path}: its audio is in a codec that cannot be decoded")
        self.sample_rate_hz: int = context.sample_rate
        self.channels: int = context.channels
        check_format(path, self.sample_rate_hz, self.channels)
        start = self._container.start_time
        self._zero_s = 0.0 if start is None else start / av.time_base
        duration = self._container.duration
        self._announced_s = None if duration is None else duration / av.time_base

    def blocks(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        size = max(1, round(block_s * self.sample_rate_hz))
        waiting: list[FloatArray] = []
        held = 0
        for piece in self._pieces(start_s, warn):
            waiting.append(piece)
            held += piece.shape[1]
            if held >= size:
                yield np.concatenate(waiting, axis=1)
                waiting, held = [], 0
        if held:
            yield np.concatenate(waiting, axis=1)

    def _pieces(self, start_s: float, warn: Callable[[str], None]) -> Iterator[FloatArray]:
        """Decoded frames, placed in time: late ones after silence, early ones cut."""
        if start_s > 0:
            self._seek(start_s - _SAFE_SEEK_BACK_S)
        rate = self.sample_rate_hz
        at: int | None = None if start_s > 0 else 0
        for frame in self._frames(warn):
            samples = _as_float(frame, self.channels)
            frame_at = self._sample_of(frame)
            if at is None:
                at = frame_at if frame_at is not None else round(start_s * rate)
            gap = 0 if frame_at is None else frame_at - at
            if gap > _SMALLEST_GAP_S * rate and self._is_believable(frame_at):
                yield from _silence(self.channels, gap, rate, at, start_s)
                at += gap
            late = max(0, round(start_s * rate) - at)
            at += samples.shape[1]
            if late < samples.shape[1]:
                yield samples[:, late:]
        end_s = (at or 0) / rate
        if self._announced_s is not None and end_s < self._announced_s - 1.0:
            warn(
                f"the audio ends at {end_s:.1f} s of an announced {self._announced_s:.1f} s: "
                "the file is truncated, or its picture outlasts its sound"
            )

    def _frames(self, warn: Callable[[str], None]) -> Iterator[av.AudioFrame]:
        damaged = 0
        resampler = None
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
                decoded = packet.decode()
            except StopIteration:
                break
            except av.error.EOFError:
                break
            except (av.FFmpegError, OSError):
                damaged += 1
                if damaged > _MOST_DAMAGED_PACKETS:
                    break
                continue
            for frame in decoded:
                if _differs(frame, self.sample_rate_hz, self.channels):
                    # Some streams change rate or layout midway: bring all to the first.
                    resampler = resampler or av.AudioResampler(
                        format="fltp", layout=self._stream.layout, rate=self.sample_rate_hz
                    )
                    try:
                        yield from resampler.resample(frame)
                    except (av.FFmpegError, ValueError):
                        damaged += 1
                else:
                    yield frame
        if damaged:
            warn(f"{damaged} damaged packets were left out")

    def _seek(self, to_s: float) -> None:
        target = int((max(0.0, to_s) + self._zero_s) * av.time_base)
        try:
            self._container.seek(target, backward=True)
        except (av.FFmpegError, OSError) as error:
            raise refusal(self._path, error) from error

    def _sample_of(self, frame: av.AudioFrame) -> int | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return round((float(frame.pts * frame.time_base) - self._zero_s) * self.sample_rate_hz)

    def _is_believable(self, sample: int | None) -> bool:
        """Whether a time lies inside the announced length: broken stamps must not fill memory."""
        if sample is None or self._announced_s is None:
            return False
        return sample / self.sample_rate_hz <= self._announced_s

    def close(self) -> None:
        self._container.close()


_MOST_DAMAGED_PACKETS = 10_000


def _differs(frame: av.AudioFrame, sample_rate_hz: int, channels: int) -> bool:
    return frame.sample_rate != sample_rate_hz or frame.layout.nb_channels != channels


def _silence(
    channels: int, length: int, rate: int, at: int, start_s: float
) -> Iterator[FloatArray]:
    """Silence in pieces of a second, leaving out what lies before ``start_s``."""
    length -= max(0, min(length, round(start_s * rate) - at))
    while length > 0:
        yield np.zeros((channels, min(length, rate)), np.float32)
        length -= rate


_FULL_SCALE = {"u8": 128.0, "s16": 32768.0, "s32": 2147483648.0, "s64": 9223372036854775808.0}


def _as_float(frame: av.AudioFrame, channels: int) -> FloatArray:
    """The samples of a frame as float32 [C, n] in [-1, 1]."""
    kind = frame.format.name.removesuffix("p")
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, channels).T
    if kind == "u8":
        return (raw.astype(np.float32) - 128.0) / 128.0
    if kind in _FULL_SCALE:
        return raw.astype(np.float32) / np.float32(_FULL_SCALE[kind])
    return raw.astype(np.float32)
