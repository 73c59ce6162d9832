"""A media file opened by FFmpeg (PyAV), and FFmpeg's refusals in our words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer

from moodprint.errors import InputError, NoAudioError, NotMediaError

_LOWEST_RATE_HZ = 1_000
_HIGHEST_RATE_HZ = 768_000
_MOST_CHANNELS = 64

# A media file may be a script that names other files or addresses (HLS, concat, SDP). What a
# stranger sends us must not make us open those. FFmpeg reads from our own open file, so that it
# needs no protocol at all; and so a file called "http:x.mp3" is a file.
_NO_OTHER_FILES = {"protocol_whitelist": "none"}


@dataclass(frozen=True)
class OpenMedia:
    """An open container and its first audio track."""

    file: BinaryIO
    container: InputContainer
    audio: av.AudioStream

    def close(self) -> None:
        self.container.close()
        self.file.close()


def open_media(path: Path) -> OpenMedia:
    """Open a file that is known to be readable.

    Raises:
        NotMediaError: not audio or video. NoAudioError: a video without sound.
    """
    file = path.open("rb")
    try:
        container = av.open(file, "r", metadata_errors="ignore", options=_NO_OTHER_FILES)
        try:
            return OpenMedia(file, container, _audio_track(path, container))
        except BaseException:
            container.close()
            raise
    except (av.FFmpegError, OSError, ValueError) as error:
        file.close()
        raise refusal(path, error) from error
    except BaseException:
        file.close()
        raise


def _audio_track(path: Path, container: InputContainer) -> av.AudioStream:
    if not container.streams.audio:
        raise NoAudioError(f"{path}: has no audio track")
    audio = container.streams.audio[0]
    context = getattr(audio, "codec_context", None)
    if context is None:
        raise NotMediaError(f"{path}: its audio is in a codec that cannot be decoded")
    check_format(path, context.sample_rate, context.channels)
    return audio


def check_format(path: Path, sample_rate_hz: int, channels: int) -> None:
    """Refuse rates and channel counts that only a broken header can claim."""
    fits = _LOWEST_RATE_HZ <= sample_rate_hz <= _HIGHEST_RATE_HZ and 0 < channels <= _MOST_CHANNELS
    if not fits:
        raise NotMediaError(
            f"{path}: its header claims {sample_rate_hz} Hz and {channels} channels; it is broken"
        )


def refusal(path: Path, error: Exception) -> InputError:
    """The error of ours that says in one line what a decoder's error means."""
    if isinstance(error, InputError):
        return error
    if _is_mp4(path):
        return NotMediaError(
            f"{path}: is an mp4 or mov without a usable index, as a recording or download that "
            "was cut off leaves it"
        )
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return NotMediaError(f"{path}: is no audio or video that can be decoded ({reason})")


def _is_mp4(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8)[4:] == b"ftyp"
