"""collected.jsonl: what `corpus collect` notes of each file that it brings, an object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from moodprint.audio.media import Chapter
from moodprint.emotion import EMOTIONS
from moodprint.errors import CorpusError, unknown_name

NAME = "collected.jsonl"

DETAILS = ("title", "artist", "uploader", "licence", "url")
"""What is known of a song beside its sound: columns of the manifest."""


@dataclass(frozen=True)
class CollectedFile:
    """A file that was fetched.

    ``file`` is its path within the folder, ``key`` the name by which it is not fetched again.
    ``details`` has those of DETAILS that are known. ``synthetic``: made by a model.
    """

    file: str
    key: str
    emotion: str | None = None
    synthetic: bool = False
    details: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The object that stands in the list: the details on one level with the rest."""
        fields = asdict(self)
        return {**fields.pop("details"), **fields}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> CollectedFile:
        """What ``to_dict`` gave.

        Raises:
            KeyError, TypeError, ValueError: these are other fields.
        """
        emotion = fields.get("emotion")
        if emotion is not None and emotion not in EMOTIONS:
            raise unknown_name("emotion", str(emotion), EMOTIONS)
        marks = fields.get("chapters") or ()
        return cls(
            file=str(fields["file"]),
            key=str(fields["key"]),
            emotion=emotion,
            synthetic=bool(fields.get("synthetic", False)),
            details={name: str(fields[name]) for name in DETAILS if fields.get(name)},
            chapters=tuple(
                Chapter(float(mark["start_s"]), float(mark["end_s"]), str(mark.get("title", "")))
                for mark in marks
            ),
        )


def read_collected(root: Path) -> dict[str, CollectedFile]:
    """The collected files of a folder, by path within it; none where nothing was collected.

    A last line without its end was cut off while it was written, and does not count.

    Raises:
        CorpusError: a whole line is no such object.
    """
    return {note.file: note for note in _notes(root / NAME)}


def append_collected(root: Path, note: CollectedFile) -> None:
    """Add a file to the list of a folder, after the last whole line of it."""
    line = json.dumps(note.to_dict(), sort_keys=True, ensure_ascii=False).encode() + b"\n"
    with (root / NAME).open("ab+") as file:
        file.seek(0)
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _notes(path: Path) -> Iterator[CollectedFile]:
    try:
        whole, _, _ = path.read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return
    for number, line in enumerate(whole.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield CollectedFile.from_dict(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CorpusError(
                f"{path}, line {number}: is no collected file ({type(error).__name__}: {error})"
            ) from error
