"""Media files made here and now: every container, codec, rate and channel count under test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile

from moodprint.clip import FloatArray


@dataclass(frozen=True)
class Kind:
    """A container with a codec of sound, and of picture where it is a video."""

    suffix: str
    codec: str
    video: str | None = None
    rate_hz: int = 44_100
    channels: int = 2
    lossless: bool = False

    @property
    def name(self) -> str:
        return f"{self.codec}-{self.rate_hz}-{self.channels}{self.suffix}"


_BY_SOUNDFILE = "VORBIS"  # PyAV comes without a Vorbis encoder worth the name

KINDS = {
    "wav-u8": Kind(".wav", "pcm_u8", rate_hz=8_000, channels=1),
    "wav-16": Kind(".wav", "pcm_s16le", lossless=True),
    "wav-24": Kind(".wav", "pcm_s24le", rate_hz=96_000, lossless=True),
    "wav-32": Kind(".wav", "pcm_s32le", rate_hz=192_000, lossless=True),
    "wav-float": Kind(".wav", "pcm_f32le", rate_hz=48_000, lossless=True),
    "wav-5.1": Kind(".wav", "pcm_s16le", channels=6, lossless=True),
    "wav-adpcm": Kind(".wav", "adpcm_ms"),
    "mp3": Kind(".mp3", "libmp3lame"),
    "mp3-mono-16k": Kind(".mp3", "libmp3lame", rate_hz=16_000, channels=1),
    "ogg": Kind(".ogg", _BY_SOUNDFILE),
    "opus": Kind(".opus", "libopus", rate_hz=48_000),
    "flac": Kind(".flac", "flac", lossless=True),
    "flac-mono-22k": Kind(".flac", "flac", rate_hz=22_050, channels=1, lossless=True),
    "m4a": Kind(".m4a", "aac"),
    "m4a-alac": Kind(".m4a", "alac", lossless=True),
    "aac": Kind(".aac", "aac"),
    "wma": Kind(".wma", "wmav2"),
    "ac3-5.1": Kind(".ac3", "ac3", rate_hz=48_000, channels=6),
    "aiff": Kind(".aiff", "pcm_s16be", lossless=True),
    "mp4": Kind(".mp4", "aac", "mpeg4"),
    "mkv": Kind(".mkv", "flac", "mpeg4", lossless=True),
    "webm": Kind(".webm", "libopus", "libvpx", rate_hz=48_000),
    "mov": Kind(".mov", "pcm_s16be", "mjpeg", lossless=True),
    "avi": Kind(".avi", "libmp3lame", "mpeg4"),
    "ts": Kind(".ts", "mp2", "mpeg2video", rate_hz=48_000),
}

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def tones(seconds: float, rate_hz: int, channels: int) -> FloatArray:
    """A gliding tone a channel, each its own: no two moments and no two channels are alike."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    rows = [
        0.4 * np.sin(2 * np.pi * (200 + 90 * channel + 40 * time_s) * time_s)
        for channel in range(channels)
    ]
    return np.array(rows, dtype=np.float32)


def write_media(
    path: Path,
    kind: Kind,
    samples: FloatArray | None,
    *,
    late_s: float = 0.0,
    video_s: float | None = None,
) -> Path:
    """Encode ``samples`` [C, n] (None: no audio track) as the kind says."""
    if kind.codec == _BY_SOUNDFILE:
        soundfile.write(path, samples.T, kind.rate_hz, format="OGG", subtype=kind.codec)
        return path
    with av.open(str(path), "w") as container:
        video = container.add_stream(kind.video, rate=25) if kind.video else None
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 48, _pixels(kind.video)
        audio = None
        if samples is not None:
            audio = container.add_stream(kind.codec, rate=kind.rate_hz)
            audio.bit_rate = 64_000 * kind.channels
            audio.layout = _LAYOUTS.get(kind.channels, f"{kind.channels}C")
        if video is not None:
            length = video_s if video_s is not None else samples.shape[1] / kind.rate_hz
            for number in range(round(length * 25)):
                frame = av.VideoFrame(64, 48, video.pix_fmt)
                for plane in frame.planes:
                    plane.update(bytes([number * 7 % 256]) * plane.buffer_size)
                frame.pts = number
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
        if audio is not None:
            _encode(container, audio, samples, kind, late_s)
    return path


def _encode(container, audio, samples: FloatArray, kind: Kind, late_s: float) -> None:
    resampler = av.AudioResampler(
        format=audio.format, layout=audio.layout, rate=kind.rate_hz, frame_size=audio.frame_size
    )
    step = 4096
    for begin in range(0, samples.shape[1], step):
        # Packed into one plane: PyAV reaches no more than eight.
        piece = np.ascontiguousarray(samples[:, begin : begin + step].T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(piece, "flt", audio.layout.name)
        frame.sample_rate = kind.rate_hz
        frame.pts = begin + round(late_s * kind.rate_hz)
        for ready in resampler.resample(frame):
            container.mux(audio.encode(ready))
    for ready in resampler.resample(None):
        container.mux(audio.encode(ready))
    container.mux(audio.encode(None))


def _pixels(codec: str) -> str:
    return "yuvj420p" if codec == "mjpeg" else "yuv420p"
