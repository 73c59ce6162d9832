"""Music put under a video: its picture is copied as it is, and sound is put beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np

from moodprint.audio.decode import decode
from moodprint.audio.loudness import ProgrammeMeter
from moodprint.audio.media import is_moving, readable_file
from moodprint.audio.resample import resampled
from moodprint.clip import Clip, FloatArray
from moodprint.errors import InputError, NotMediaError, OptionError, unknown_name
from moodprint.files import atomic_file

CODECS = {
    ".mp4": ("mp4", "aac"),
    ".m4v": ("mp4", "aac"),
    ".mov": ("mov", "aac"),
    ".mkv": ("matroska", "aac"),
    ".webm": ("webm", "libopus"),
}
"""The container and the codec of sound by suffix: what players of today take."""

_RATE_HZ = 48_000  # the one rate that both codecs have
_BIT_RATE_BPS = 192_000  # transparent for most music in AAC (EBU Tech 3339) and more so in Opus
_FRAME = 960
_BELOW_LU = 15.0
"""Music under speech: 10 to 15 LU and more were preferred (Torcoli et al., JAES 67, 2019)."""


def check_video_suffix(path: str | Path) -> str:
    """The suffix, of CODECS, of a video that is to be written.

    Raises:
        OptionError: another suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in CODECS:
        raise unknown_name("video format", suffix, CODECS)
    return suffix


@dataclass(frozen=True)
class PictureLength:
    """How long the picture of a video lasts, by the times of its packets; sent to a process of its
    own.

    Raises, when called:
        InputError and its kinds: the file cannot be read. NotMediaError: it has no picture.
    """

    def __call__(self, path: str) -> float:
        """Seconds of the file at ``path``."""
        with _opened(path) as container:
            video = _picture(container, path)
            first, last = None, 0
            for packet in container.demux(video):
                if packet.pts is None:
                    continue
                first = packet.pts if first is None else min(first, packet.pts)
                last = max(last, packet.pts + (packet.duration or 0))
            if first is None or video.time_base is None:
                raise NotMediaError(f"{path}: its picture has no frames")
            seconds = float((last - first) * video.time_base)
        if seconds <= 0:
            raise InputError(f"{path}: its picture lasts no time")
        return seconds


@dataclass(frozen=True)
class OwnSound:
    """The sound of a video [2, N] at the rate of a clip, so long as the clip lasts; sent to a
    process of its own.

    Raises, when called:
        InputError and its kinds: the file cannot be read. NoAudioError: it has no sound.
    """

    sample_rate_hz: int
    duration_s: float

    def __call__(self, path: str) -> Clip:
        """Of the file at ``path``; a mono sound on both sides."""
        sound = decode(path, sample_rate_hz=self.sample_rate_hz, stop_s=self.duration_s)
        if sound.channels > 2:
            sound = replace(sound, samples=sound.mono[np.newaxis])
        stereo = np.broadcast_to(sound.samples, (2, sound.samples.shape[1]))
        return replace(sound, samples=np.ascontiguousarray(stereo))


def mixed(music: Clip, own: Clip) -> Clip:
    """Music under a video's own sound, both [2, n] at one rate: as long as the music, the sound as
    loud as it was, the music so much fainter that speech over it is understood."""
    length = music.samples.shape[1]
    sound = np.zeros((2, length), np.float32)
    sound[:, : own.samples.shape[1]] = own.samples[:, :length]
    own_lufs, music_lufs = (
        _lufs(sound, own.sample_rate_hz),
        _lufs(music.samples, music.sample_rate_hz),
    )
    gain_db = 0.0 if own_lufs is None or music_lufs is None else own_lufs - _BELOW_LU - music_lufs
    both = sound + music.samples * np.float32(10 ** (gain_db / 20))
    loudest = float(np.abs(both).max(initial=0.0))
    return replace(music, samples=(both / np.float32(max(1.0, loudest))).astype(np.float32))


def _lufs(samples: FloatArray, sample_rate_hz: int) -> float | None:
    meter = ProgrammeMeter(sample_rate_hz, len(samples), true_peak=False)
    meter.push(samples)
    return meter.finish().integrated_lufs


@dataclass(frozen=True)
class AddSoundtrack:
    """Writes a video with the picture of another and the sound of a clip [2, N] to ``out``; sent
    to a process of its own.

    Raises, when called:
        InputError and its kinds: the file cannot be read, or ``out`` not be written.
        OptionError: the container of ``out`` cannot carry the picture.
    """

    clip: Clip
    out: str | Path

    def __call__(self, path: str) -> None:
        """With the picture of the file at ``path``."""
        suffix = check_video_suffix(self.out)
        name, codec = CODECS[suffix]
        with _opened(path) as container, atomic_file(self.out) as file:
            try:
                self._write(container, path, file, name, codec)
            except (av.FFmpegError, ValueError) as error:
                raise OptionError(
                    f"{self.out}: a {suffix} file cannot carry the picture of {path} "
                    f"({_picture(container, path).codec_context.name}); try .mkv"
                ) from error

    def _write(self, container: Any, path: str, file: BinaryIO, name: str, codec: str) -> None:
        video = _picture(container, path)
        with av.open(_Writer(file), "w", format=name) as written:
            picture: Any = written.add_stream_from_template(video, opaque=True)
            sound: Any = written.add_stream(codec, rate=_RATE_HZ, layout="stereo")
            sound.bit_rate = _BIT_RATE_BPS
            frames = _frames(self.clip)
            start_s: float | None = None
            at_s = 0.0
            for packet in container.demux(video):
                if packet.dts is None:
                    continue
                time_s = float(packet.dts * video.time_base)
                start_s = time_s if start_s is None else start_s
                # In turns, as players read them: else a whole track waits in memory for the other.
                while at_s <= time_s - start_s and (timed := next(frames, None)) is not None:
                    at_s, frame = timed
                    written.mux(sound.encode(frame))
                packet.stream = picture
                written.mux(packet)
            for _, frame in frames:
                written.mux(sound.encode(frame))
            written.mux(sound.encode(None))


class _Writer:
    """A file as FFmpeg writes and seeks in it; an atomic file that is not to be closed by it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.write, self.seek, self.tell = file.write, file.seek, file.tell


def _opened(path: str) -> Any:
    checked = readable_file(path)
    try:
        return av.open(str(checked), "r", metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise NotMediaError(f"{path}: no video that can be read") from error


def _picture(container: Any, path: str) -> Any:
    for video in container.streams.video:
        if is_moving(video):
            return video
    raise NotMediaError(f"{path}: has no picture that moves")


def _frames(clip: Clip) -> Iterator[tuple[float, av.AudioFrame]]:
    """Each with its time in seconds."""
    sound = resampled(clip, _RATE_HZ).samples
    stereo: FloatArray = np.broadcast_to(sound, (2, sound.shape[1])) if len(sound) == 1 else sound
    for first in range(0, stereo.shape[1], _FRAME):
        part = np.ascontiguousarray(stereo[:, first : first + _FRAME], np.float32)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = _RATE_HZ, first
        frame.time_base = Fraction(1, _RATE_HZ)
        yield first / _RATE_HZ, frame
