"""A media file opened by FFmpeg (PyAV): which kinds, which track, and refusals in our words.

FFmpeg guesses at anything, and a stranger's file may be made to be guessed at: a text that is an
hour of tones, a playlist that names other files, a picture of gigabytes beside a second of sound.
So only kinds of container that carry recorded sound are tried, only decoders of sound are allowed,
and no other file or address is ever opened.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition

from moodprint.audio.frames import DecodedFrames
from moodprint.errors import InputError, NoAudioError, NotMediaError

_LOWEST_RATE_HZ = 1_000
_HIGHEST_RATE_HZ = 768_000
_MOST_CHANNELS = 64
"""No recorder goes beyond these; a header that does is broken."""

# fmt: off
_DEMUXERS = (
    "3g2", "3gp", "aa", "aac", "ac3", "ac4", "aiff", "amr", "amrnb", "amrwb", "ape", "asf", "ast",
    "au", "avi", "avr", "bfstm", "brstm", "caf", "dff", "dsf", "dts", "dtshd", "dv", "eac3",
    "f4v", "flac", "flv", "gsm", "gxf", "iff", "ircam", "ismv", "kux", "live_flv", "loas", "m4a",
    "matroska", "mj2", "mlp", "mmf", "mov", "mp3", "mp4", "mpc", "mpc8", "mpeg", "mpegts", "mxf",
    "nistsphere", "nut", "ogg", "oma", "osq", "pva", "pvf", "qcp", "qoa", "rm", "rso", "sbc",
    "shn", "sol", "sox", "spdif", "tak", "truehd", "tta", "voc", "vqf", "w64", "wav", "webm",
    "wsaud", "wtv", "wv", "xwma",
)
# fmt: on
"""FFmpeg's names of the kinds of container that carry recorded sound."""

_OPTIONS = {
    "protocol_whitelist": "none",  # FFmpeg reads from our own open file and needs no other
    "format_whitelist": ",".join(_DEMUXERS),
    "probesize": "5000000",  # bytes looked at to find the tracks: FFmpeg's own default, made firm
    "analyzeduration": "30000000",  # and microseconds: broadcasts may begin with a silent while
}


@dataclass(frozen=True)
class OpenMedia:
    """An open container, the audio track that was chosen in it, and the frames decoded from it.

    ``first`` is the first of the frames, which tells rate and channels more surely than a header.
    ``note`` says which track was taken where there was a choice, '' where there was none.
    """

    file: BinaryIO
    container: InputContainer
    audio: av.AudioStream
    frames: DecodedFrames
    first: av.AudioFrame
    note: str = ""

    @property
    def sample_rate_hz(self) -> int:
        """Samples a second of the first frame."""
        return self.first.sample_rate

    @property
    def channels(self) -> int:
        """Channels of the first frame."""
        return self.first.layout.nb_channels

    def close(self) -> None:
        """Close the container and its file."""
        self.container.close()
        self.file.close()


def open_media(path: Path, *, track: int | None = None, file: BinaryIO | None = None) -> OpenMedia:
    """Open a file that is known to be readable, up to the first decoded frame of a track.

    ``track`` counts the audio tracks from 1; by default it is the one that is flagged as the
    default, else the first, of those that can be decoded. ``file`` gives the bytes where they are
    not to be read as they lie at ``path``; it is closed with the container.

    Raises:
        NotMediaError: not audio or video, or in codecs that cannot be decoded.
        NoAudioError: a video without sound, or without that track.
    """
    file = path.open("rb") if file is None else file
    try:
        options = {**_OPTIONS, "codec_whitelist": _audio_decoders()}
        container = av.open(file, "r", metadata_errors="ignore", options=options)
        try:
            return _with_track(path, file, container, track)
        except BaseException:
            container.close()
            raise
    except (av.FFmpegError, OSError, ValueError) as error:
        file.close()
        raise refusal(path, error) from error
    except BaseException:
        file.close()
        raise


@lru_cache(maxsize=1)
def _audio_decoders() -> str:
    """The decoders of sound: with them alone, looking into a file never decodes its pictures."""
    names = []
    for name in sorted(av.codec.codecs_available):
        try:
            if av.Codec(name, "r").type == "audio":
                names.append(name)
        except ValueError:  # an encoder only
            continue
    return ",".join(names)


def _with_track(
    path: Path, file: BinaryIO, container: InputContainer, track: int | None
) -> OpenMedia:
    tracks = list(container.streams.audio)
    if not tracks:
        raise NoAudioError(f"{path}: has no audio track")
    for audio in _by_preference(path, tracks, track):
        if getattr(audio, "codec_context", None) is None:
            continue
        frames = DecodedFrames(container, audio)
        first = frames.peek()
        if first is not None:
            note = _note(tracks, audio, track)
            opened = OpenMedia(file, container, audio, frames, first, note)
            check_format(path, opened.sample_rate_hz, opened.channels)
            return opened
        _rewind(container)
    which = "its audio is" if track is None else f"its audio track {track} is"
    raise NotMediaError(f"{path}: {which} in a codec that cannot be decoded, or broken")


def _by_preference(
    path: Path, tracks: Sequence[av.AudioStream], track: int | None
) -> list[av.AudioStream]:
    if track is None:
        return sorted(tracks, key=lambda audio: not audio.disposition & Disposition.default)
    if not 1 <= track <= len(tracks):
        count = "one audio track" if len(tracks) == 1 else f"{len(tracks)} audio tracks"
        raise NoAudioError(f"{path}: has {count}, and no track {track}")
    return [tracks[track - 1]]


def _rewind(container: InputContainer) -> None:
    # Some kinds cannot be rewound: the next track is then read from here on.
    with contextlib.suppress(av.FFmpegError, OSError):
        container.seek(0)


def _note(tracks: Sequence[av.AudioStream], audio: av.AudioStream, track: int | None) -> str:
    if track is not None or len(tracks) < 2:
        return ""
    language = audio.metadata.get("language", "")
    named = f" ({language})" if language.isalpha() else ""
    place = f"audio track {tracks.index(audio) + 1}{named} of {len(tracks)}"
    return f"heard is {place}; --track takes another"


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
