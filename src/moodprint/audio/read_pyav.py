"""Blocks of samples through FFmpeg (PyAV): any container, any codec, the sound of any video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np

from moodprint.audio.ffmpeg import open_media, refusal
from moodprint.clip import FloatArray

_SMALLEST_GAP_S = 0.1
_MOST_SILENCE_S = 3600.0
"""Silence for late or paused tracks, in sum: more than that is asked for by broken stamps only."""

_SAFE_SEEK_BACK_S = 1.0
_SEEKS_TO_THE_SAMPLE = {"mov", "matroska"}
"""Containers (by the first of FFmpeg's names) whose time stamps are exact after a seek. Others
guess from the bit rate, so that a part of them is reached by decoding from the beginning."""

_GUESSED_LENGTHS = {"mp3", "aac", "ac3", "eac3", "amr", "dts", "mpegts", "mpeg", "loas"}
"""Containers whose announced length FFmpeg may have guessed from the bit rate."""

_MOST_DAMAGED_PACKETS = 10_000


class PyAVReader:
    """One open container and its first audio track. ``blocks`` gives float32 [C, n] until the end.

    Time 0 is the start of the container, so that what is heard lines up with what is seen:
    a track that begins later, or pauses, is filled with silence.

    Raises:
        NotMediaError, NoAudioError: see open_media.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._media = open_media(path)
        self.sample_rate_hz: int = self._media.audio.codec_context.sample_rate
        self.channels: int = self._media.audio.codec_context.channels
        self._zero_s = _seconds(self._media.container.start_time) or 0.0
        self._kind = self._media.container.format.name.split(",")[0]
        self._damaged = 0

    def close(self) -> None:
        self._media.close()

    def blocks(
        self, block_s: float, start_s: float, warn: Callable[[str], None]
    ) -> Iterator[FloatArray]:
        size = max(1, round(block_s * self.sample_rate_hz))
        waiting: list[FloatArray] = []
        held = 0
        for piece in self._from(round(start_s * self.sample_rate_hz), warn):
            waiting.append(piece)
            held += piece.shape[1]
            if held >= size:
                yield np.concatenate(waiting, axis=1)
                waiting, held = [], 0
        if held:
            yield np.concatenate(waiting, axis=1)

    def _from(self, first: int, warn: Callable[[str], None]) -> Iterator[FloatArray]:
        """The pieces from sample ``first`` on."""
        end = 0
        for at, piece in self._placed(first):
            end = at + piece.shape[1]
            if end > first:
                yield piece[:, max(0, first - at) :]
        if self._damaged:
            warn(f"damaged packets left out: {self._damaged}")
        announced_s, end_s = self._announced_s, max(first, end) / self.sample_rate_hz
        if announced_s is not None and end_s < announced_s - 1.0:
            warn(f"the audio ends at {end_s:.1f} s of an announced {announced_s:.1f} s")

    def _placed(self, first: int) -> Iterator[tuple[int, FloatArray]]:
        """Pieces of samples and the sample of the timeline at which each begins, in order."""
        at = self._seek(first)
        silence_left = round(_MOST_SILENCE_S * self.sample_rate_hz)
        for frame in self._frames():
            stamp = self._sample_of(frame)
            if at is None:
                at = first if stamp is None else stamp
            gap = 0 if stamp is None else stamp - at
            if _SMALLEST_GAP_S * self.sample_rate_hz < gap <= silence_left:
                silence_left -= gap
                for silence in _silence(self.channels, gap, self.sample_rate_hz):
                    yield at, silence
                    at += silence.shape[1]
            samples = _as_float(frame, self.channels)
            yield at, samples
            at += samples.shape[1]

    def _seek(self, first: int) -> int | None:
        """Go to a little before a sample. The place is 0, or unknown until the next frame."""
        target_s = first / self.sample_rate_hz - _SAFE_SEEK_BACK_S
        if target_s <= 0 or self._kind not in _SEEKS_TO_THE_SAMPLE:
            return 0
        try:
            self._media.container.seek(int((target_s + self._zero_s) * av.time_base))
        except (av.FFmpegError, OSError) as error:
            raise refusal(self._path, error) from error
        return None

    def _frames(self) -> Iterator[av.AudioFrame]:
        """Decoded frames at one rate and layout. Damaged packets are counted and left out."""
        resampler = None
        for packet in self._packets():
            try:
                for frame in packet.decode():
                    if self._fits(frame):
                        yield frame
                        continue
                    # Some streams change rate or layout midway: bring all to the first.
                    resampler = resampler or av.AudioResampler(
                        format="fltp", layout=self._media.audio.layout, rate=self.sample_rate_hz
                    )
                    yield from resampler.resample(frame)
            except av.error.EOFError:
                return
            except (av.FFmpegError, OSError, ValueError):
                self._damaged += 1

    def _packets(self) -> Iterator[av.Packet[av.AudioStream]]:
        packets = self._media.container.demux(self._media.audio)
        while self._damaged <= _MOST_DAMAGED_PACKETS:
            try:
                yield next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except (av.FFmpegError, OSError):  # the demuxer may find on behind the damage
                self._damaged += 1
                packets = self._media.container.demux(self._media.audio)

    def _fits(self, frame: av.AudioFrame) -> bool:
        return (
            frame.sample_rate == self.sample_rate_hz and frame.layout.nb_channels == self.channels
        )

    def _sample_of(self, frame: av.AudioFrame) -> int | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return round((float(frame.pts * frame.time_base) - self._zero_s) * self.sample_rate_hz)

    @property
    def _announced_s(self) -> float | None:
        """The length of the track, or at least of the container, where it is not a guess."""
        if self._kind in _GUESSED_LENGTHS:
            return None
        audio = self._media.audio
        if audio.duration is not None and audio.time_base is not None:
            return float(audio.duration * audio.time_base)
        return _seconds(self._media.container.duration)


def _seconds(av_time: int | None) -> float | None:
    return None if av_time is None else av_time / av.time_base


def _silence(channels: int, length: int, longest: int) -> Iterator[FloatArray]:
    """Silence of ``length`` samples, in pieces."""
    for begin in range(0, length, longest):
        yield np.zeros((channels, min(longest, length - begin)), np.float32)


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
