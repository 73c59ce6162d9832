"""Bring the recordings of a list of sources into one folder, each once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from moodprint.corpus.collected import CollectedFile, append_collected, read_collected
from moodprint.corpus.sources import Fetched, Item, Source
from moodprint.corpus.sources.debian import PackageStore
from moodprint.corpus.sources.listing import read_sources
from moodprint.corpus.sources.web import RetryPolicy
from moodprint.corpus.step_cache import key_of
from moodprint.engine import Progress, no_progress
from moodprint.errors import MoodprintError

PACKAGES = ".packages"
"""Where Debian packages are unpacked, within the folder; kept, since many tracks share one."""
_FETCHING = ".fetching"
"""Where files lie while they are fetched, a folder each, so that they go on after a stop."""
_LONGEST_NAME = 120
"""Letters of a file's name: file systems allow 255 bytes, and a letter takes up to two or three."""


@dataclass(frozen=True)
class CollectReport:
    """What a run brought: new files, how many were there already, and what failed, and why."""

    fetched: tuple[str, ...]
    known: int
    failures: tuple[tuple[str, str], ...]


def collect(
    sources: Sequence[Source], out: str | Path, progress: Progress = no_progress
) -> CollectReport:
    """Fetch what is not there yet into ``out``/<emotion>/, and note it in collected.jsonl.

    A source or item that fails is reported and the rest go on; the next run tries it again. A run
    that was cut off goes on in the midst of the file it was at. ``progress`` counts items; their
    number grows while the sources, some of which have many, are listed.
    """
    collection = _Collection(Path(out))
    for number, source in enumerate(sources, 1):
        try:
            items = list(source.items())
        except MoodprintError as error:
            collection.failures.append((source.name, str(error)))
            items = []
        ahead = len(sources) - number
        total = collection.done + len(items) + ahead
        progress("fetch recordings", collection.done, total)
        for item in items:
            collection.take(item)
            progress("fetch recordings", collection.done, total)
    collection.finish()
    return CollectReport(
        tuple(collection.fetched), collection.already_there, tuple(collection.failures)
    )


def collect_listed(
    listing: str | Path,
    out: str | Path,
    retries: RetryPolicy,
    progress: Progress = no_progress,
) -> CollectReport:
    """As ``collect``, from a list of sources such as SOURCES.yaml.

    Raises:
        MissingFileError: no such list. OptionError: it is not written as it must be.
    """
    sources = read_sources(listing, PackageStore(Path(out) / PACKAGES), retries)
    return collect(sources, out, progress)


class _Collection:
    """A folder of recordings, and what this run has brought into it."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = root
        self._keys = {note.key for note in read_collected(root).values()}
        self.fetched: list[str] = []
        self.already_there = 0
        self.failures: list[tuple[str, str]] = []

    @property
    def done(self) -> int:
        """How many items and sources are dealt with, well or not."""
        return len(self.fetched) + self.already_there + len(self.failures)

    def take(self, item: Item) -> None:
        """Fetch an item unless it is there."""
        if item.key in self._keys:
            self.already_there += 1
            return
        folder = self._root / _FETCHING / key_of(item.key)[:16]
        folder.mkdir(parents=True, exist_ok=True)
        try:
            fetched = item.fetch(folder)
        except MoodprintError as error:
            self.failures.append((item.key, str(error)))
            return
        self.fetched.append(self._settle(item, fetched))
        self._keys.add(item.key)

    def finish(self) -> None:
        """Clear away beginnings of files, unless the next run can go on with one."""
        if not self.failures:
            shutil.rmtree(self._root / _FETCHING, ignore_errors=True)

    def _settle(self, item: Item, fetched: Fetched) -> str:
        """Move a file to its place and note it."""
        stem = re.sub(r"[^\w .()-]", "_", fetched.path.stem)[:_LONGEST_NAME].strip(" .")
        suffix = fetched.path.suffix.lower()
        file = f"{item.emotion}/{stem or 'untitled'}-{key_of(item.key)[:8]}{suffix}"
        (self._root / item.emotion).mkdir(exist_ok=True)
        fetched.path.replace(self._root / file)
        details = {"title": fetched.path.stem, **fetched.details, **item.details}
        note = CollectedFile(
            file, item.key, item.emotion, item.synthetic, details, fetched.chapters
        )
        append_collected(self._root, note)
        shutil.rmtree(fetched.path.parent, ignore_errors=True)
        return file
