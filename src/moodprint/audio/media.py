"""What a media file holds, told without decoding it; and the one door for bad paths."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from moodprint.errors import (
    EmptyFileError,
    InputError,
    MissingFileError,
    NoAudioError,
    NoPermissionError,
    NotMediaError,
)

MEDIA_SUFFIXES = frozenset(
    (
        *(".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".m4b", ".aac", ".wma", ".aif"),
        *(".aiff", ".aifc", ".au", ".caf", ".ac3", ".amr", ".mka", ".mp2"),
        *(".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ogv", ".flv", ".wmv", ".mpg", ".mpeg"),
        *(".ts", ".m2ts", ".mts", ".3gp", ".3g2"),
    )
)
"""Suffixes by which files are found in folders. A file named directly may have any suffix."""

_HIGHEST_RATE_HZ = 768_000
_MOST_CHANNELS = 64


@dataclass(frozen=True)
class Chapter:
    """A chapter mark: seconds from the start, and its title ('' where it has none)."""

    start_s: float
    end_s: float
    title: str = ""


@dataclass(frozen=True)
class MediaInfo:
    """What a container says of its first audio track.

    ``duration_s`` is what the header announces, None where it announces nothing; the decoded
    length may differ. ``tags`` holds the container's metadata with lower-case keys.
    """

    path: Path
    container: str
    codec: str
    sample_rate_hz: int
    channels: int
    duration_s: float | None
    has_video: bool = False
    bit_rate_bps: int | None = None
    tags: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()


def probe(path: str | Path) -> MediaInfo:
    """Read the header of a media file.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: nothing to read there.
        NotMediaError: not audio or video. NoAudioError: a video without sound.
    """
    import av

    checked = readable_file(path)
    try:
        with av.open(str(checked), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise NoAudioError(f"{checked}: has no audio track")
            stream = container.streams.audio[0]
            context = getattr(stream, "codec_context", None)  # None for an unknown codec
            if context is None:
                raise NotMediaError(f"{checked}: its audio is in a codec that cannot be decoded")
            check_format(checked, context.sample_rate, context.channels)
            return MediaInfo(
                path=checked,
                container=container.format.name,
                codec=context.name,
                sample_rate_hz=context.sample_rate,
                channels=context.channels,
                duration_s=None
                if container.duration is None
                else container.duration / av.time_base,
                has_video=any(
                    not video.disposition & av.stream.Disposition.attached_pic
                    for video in container.streams.video
                ),
                bit_rate_bps=container.bit_rate or None,
                tags=_tags(container.metadata, stream.metadata),
                chapters=tuple(_chapter(dict(mark)) for mark in container.chapters()),
            )
    except (av.FFmpegError, OSError) as error:
        raise refusal(checked, error) from error


def readable_file(path: str | Path) -> Path:
    """The path, after a look that it can be opened and has bytes in it."""
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder, a media file was expected")
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFileError(f"{path}: is empty (0 bytes)")
    except FileNotFoundError:
        raise MissingFileError(f"{path}: does not exist") from None
    except PermissionError:
        raise NoPermissionError(f"{path}: may not be read (no permission)") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({error})") from error
    return path


def check_format(path: Path, sample_rate_hz: int, channels: int) -> None:
    """Refuse rates and channel counts that only a broken header can claim."""
    if not 0 < sample_rate_hz <= _HIGHEST_RATE_HZ or not 0 < channels <= _MOST_CHANNELS:
        raise NotMediaError(
            f"{path}: its header claims {sample_rate_hz} Hz and {channels} channels; it is broken"
        )


def refusal(path: Path, error: Exception) -> InputError:
    """The error of ours that says in one line what a decoder's error means."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return NotMediaError(f"{path}: is no audio or video that can be decoded ({reason})")


def find_media(folder: str | os.PathLike[str]) -> list[Path]:
    """All media files under a folder, by suffix, sorted by path; hidden ones are left out."""
    root = Path(folder)
    return sorted(
        Path(where) / name
        for where, folders, names in os.walk(root)
        for name in names
        if Path(name).suffix.lower() in MEDIA_SUFFIXES
        and not name.startswith(".")
        and not any(part.startswith(".") for part in Path(where).relative_to(root).parts)
    )


def _tags(*levels: dict[str, str]) -> dict[str, str]:
    return {key.lower(): value for level in levels for key, value in level.items()}


def _chapter(mark: dict[str, object]) -> Chapter:
    base = float(mark["time_base"])  # type: ignore[arg-type]
    start_s, end_s = (float(mark[edge]) * base for edge in ("start", "end"))  # type: ignore[arg-type]
    metadata = mark.get("metadata") or {}
    title = metadata.get("title", "") if isinstance(metadata, dict) else ""
    return Chapter(start_s, end_s, title)
