"""Which recordings a folder holds, and what is known of them without listening."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moodprint.audio.media import Chapter, find_media
from moodprint.emotion import EMOTIONS
from moodprint.errors import CorpusError, MissingFileError, NoMediaFoundError

COLLECTED = "collected.jsonl"
"""The list that `corpus collect` leaves beside what it fetched: one JSON object a file."""

DETAILS = ("title", "artist", "uploader", "licence", "url")


@dataclass(frozen=True)
class Recording:
    """One file: a song, or a compilation of many. ``name`` is its path within the folder.

    ``emotion`` is None where neither a folder nor the collection tells it. ``details`` has those
    of DETAILS that are known. ``synthetic``: made by a model, not by people.
    """

    path: Path
    name: str
    emotion: str | None = None
    synthetic: bool = False
    details: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()


def find_recordings(folder: str | Path, leave_out: Path | None = None) -> tuple[Recording, ...]:
    """All media files under a folder, by path; those under ``leave_out`` are not meant.

    The emotion is that of the nearest folder above the file that is named by one; a folder
    called ``synthetic`` marks what is in it. What `corpus collect` noted goes before.

    Raises:
        MissingFileError: no such folder. NoMediaFoundError: it holds no audio or video.
        CorpusError: its list of what was collected is broken.
    """
    root = Path(folder)
    if not root.is_dir():
        raise MissingFileError(f"{root}: is no folder")
    noted = read_collected(root)
    found = tuple(
        _recording(path, path.relative_to(root), noted.get(path.relative_to(root).as_posix(), {}))
        for path in find_media(root)
        if leave_out is None or not path.is_relative_to(leave_out)
    )
    if not found:
        raise NoMediaFoundError(f"{root}: holds no audio or video files")
    return found


def read_collected(root: Path) -> dict[str, dict[str, Any]]:
    """What was noted of each collected file, by its path within the folder.

    A last line without its end was cut off while it was written, and does not count.
    """
    try:
        whole, _, _ = (root / COLLECTED).read_text("utf-8").rpartition("\n")
    except FileNotFoundError:
        return {}
    try:
        notes = [json.loads(line) for line in whole.splitlines() if line.strip()]
        return {note["file"]: note for note in notes}
    except (ValueError, TypeError, KeyError) as error:
        raise CorpusError(f"{root / COLLECTED}: is no list of collected files ({error})") from error


def _recording(path: Path, inner: Path, note: dict[str, Any]) -> Recording:
    folders = [part.lower() for part in inner.parts[:-1]]
    named = [part for part in folders if part in EMOTIONS]
    return Recording(
        path=path,
        name=inner.as_posix(),
        emotion=note.get("emotion") or (named[-1] if named else None),
        synthetic=bool(note.get("synthetic", "synthetic" in folders)),
        details={name: str(note[name]) for name in DETAILS if note.get(name)},
        chapters=tuple(
            Chapter(mark["start_s"], mark["end_s"], mark.get("title", ""))
            for mark in note.get("chapters") or ()
        ),
    )
