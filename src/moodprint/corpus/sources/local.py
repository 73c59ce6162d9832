"""Files and folders of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from moodprint.audio.media import find_media
from moodprint.corpus.sources.item import Fetched, Item
from moodprint.errors import FetchError


@dataclass(frozen=True)
class LocalSource:
    """One file, or all media files under a folder."""

    path: Path
    emotion: str
    details: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def items(self) -> Iterator[Item]:
        """Each file by path, size and time: one that was replaced is fetched anew."""
        if not self.path.exists():
            raise FetchError(f"{self.path}: does not exist")
        for path in find_media(self.path) if self.path.is_dir() else [self.path]:
            facts = path.stat()
            key = f"file:{path.resolve()}:{facts.st_size}:{facts.st_mtime_ns}"
            yield Item(key, self.emotion, partial(link, path), self.details, self.synthetic)


def link(path: Path, folder: Path) -> Fetched:
    """A second name for the file in the folder; a copy where the file system knows none."""
    place = folder / path.name
    place.unlink(missing_ok=True)
    try:
        os.link(path.resolve(), place)
    except OSError:
        shutil.copyfile(path, place)
    return Fetched(place)
