"""Which recordings a folder holds, and what is known of them before they are decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from moodprint.audio.media import Chapter, find_media
from moodprint.corpus.collected import CollectedFile, read_collected
from moodprint.emotion import EMOTIONS
from moodprint.errors import MissingFileError, NoMediaFoundError


@dataclass(frozen=True)
class Recording:
    """One file: a song, or a compilation of many. ``name`` is its path within the folder.

    ``emotion`` is None where neither a folder nor the collection names it. ``details`` has those
    of collected.DETAILS that are known. ``synthetic``: made by a model, not by people.
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
    names = {
        path.relative_to(root).as_posix(): path
        for path in find_media(root)
        if leave_out is None or not path.is_relative_to(leave_out)
    }
    found = tuple(_recording(path, name, noted.get(name)) for name, path in names.items())
    if not found:
        raise NoMediaFoundError(f"{root}: holds no audio or video files")
    return found


def _recording(path: Path, name: str, note: CollectedFile | None) -> Recording:
    folders = [part.lower() for part in name.split("/")[:-1]]
    emotion = next((part for part in reversed(folders) if part in EMOTIONS), None)
    if note is None:
        return Recording(path, name, emotion, "synthetic" in folders)
    emotion = note.emotion or emotion
    return Recording(path, name, emotion, note.synthetic, note.details, note.chapters)
