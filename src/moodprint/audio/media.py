"""What a media file holds, by its header alone; and the one door for bad paths."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from moodprint.errors import (
    EmptyFileError,
    InputError,
    MissingFileError,
    NoPermissionError,
)

if TYPE_CHECKING:
    from av.video.stream import VideoStream

MEDIA_SUFFIXES = frozenset({
    ".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".m4b", ".aac", ".wma",
    ".aif", ".aiff", ".aifc", ".au", ".caf", ".ac3", ".amr", ".mka", ".mp2",
    ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ogv", ".flv", ".wmv", ".mpg", ".mpeg",
    ".ts", ".m2ts", ".mts", ".3gp", ".3g2",
})  # fmt: skip
"""Suffixes by which files are found in folders. A file named directly may have any suffix."""


@dataclass(frozen=True)
class Chapter:
    """A chapter mark: seconds from the start, and its title ('' where it has none)."""

    start_s: float
    end_s: float
    title: str = ""


@dataclass(frozen=True)
class MediaInfo:
    """What a container says of itself and of the audio track that a player would take.

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

    from moodprint.audio.ffmpeg import open_media  # FFmpeg takes 0.2 s to load

    checked = readable_file(path)
    media = open_media(checked)
    container, audio = media.container, media.audio
    try:
        return MediaInfo(
            path=checked,
            container=container.format.name,
            codec=audio.codec_context.name,
            sample_rate_hz=media.sample_rate_hz,
            channels=media.channels,
            duration_s=None if container.duration is None else container.duration / av.time_base,
            has_video=any(is_moving(video) for video in container.streams.video),
            bit_rate_bps=container.bit_rate or None,
            tags=_tags(container.metadata, audio.metadata),
            chapters=tuple(_chapter(dict(mark)) for mark in container.chapters()),
        )
    finally:
        media.close()


def readable_file(path: str | Path) -> Path:
    """The path, after a look that it is a plain file that can be opened and has bytes in it.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError; InputError: a folder, a pipe or a
        device, which are not even opened (a pipe would wait for ever), or a name that the
        system refuses.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{path}: is a folder, a media file was expected")
        if not stat.S_ISREG(mode):
            raise InputError(f"{path}: is a pipe or a device; save its sound in a file first")
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFileError(f"{path}: is empty (0 bytes)")
    except FileNotFoundError:
        raise MissingFileError(f"{path}: does not exist") from None
    except PermissionError:
        raise NoPermissionError(f"{path}: may not be read (no permission)") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{str(path)!r}: cannot be opened ({error})") from error
    return path


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


def is_moving(video: VideoStream) -> bool:
    """Whether a video track is more than the cover of an album."""
    return not video.disposition & type(video.disposition).attached_pic


def _tags(*levels: dict[str, str]) -> dict[str, str]:
    return {key.lower(): value for level in levels for key, value in level.items()}


def _chapter(mark: dict[str, object]) -> Chapter:
    base = float(mark["time_base"])  # type: ignore[arg-type]
    start_s, end_s = (float(mark[edge]) * base for edge in ("start", "end"))  # type: ignore[arg-type]
    metadata = mark.get("metadata") or {}
    title = metadata.get("title", "") if isinstance(metadata, dict) else ""
    return Chapter(start_s, end_s, title)
