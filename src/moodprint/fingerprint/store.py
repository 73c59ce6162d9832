"""The index folder: a manifest that names the segments, replaced as a whole at each commit.

    manifest.json      format, version, segments: [NAME, ...]
    segments/NAME/     see segment_files.py; never changed once written
    lock               held by the one process that writes

A segment is written under a name not yet used; only then the new manifest takes the place of the
old one by a rename. A reader therefore sees all of a commit or nothing of it, and a killed writer
leaves at most a folder that nobody names, which the next writer sweeps away.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moodprint.errors import IndexFileError
from moodprint.files import locked, sweep_drafts, write_atomically
from moodprint.fingerprint.segment import IndexSegment, merged
from moodprint.fingerprint.segment_files import open_segment, write_segment

_FORMAT = "moodprint match index"
_VERSION = 1
_MOST_POSTINGS = 16_000_000
"""Segments past this (about 2,500 songs) are not merged any more: it bounds a merge's memory."""
_ATTEMPTS = 5


class Store:
    """The segments of an index folder, as of the last commit seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: tuple[str, ...] = ()
        self.segments: tuple[IndexSegment, ...] = ()

    @classmethod
    def create(cls, folder: Path) -> Store:
        """An empty index in a new or empty folder.

        Raises:
            IndexFileError: something is there already.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise IndexFileError(f"{folder}: a new index needs a new or empty folder")
        (folder / "segments").mkdir(parents=True)
        store = cls(folder)
        store._write_manifest()
        return store

    def reload(self) -> None:
        """See the last commit. Segments that are open already are kept.

        Raises:
            IndexFileError: there is no index, or it is broken.
        """
        for attempt in range(_ATTEMPTS):
            names = _names(self.folder / "manifest.json")
            held = dict(zip(self.names, self.segments, strict=True))
            try:
                found = [held.get(name) or open_segment(self._path(name)) for name in names]
            except IndexFileError:
                # A writer may have merged these segments since the manifest was read.
                if attempt == _ATTEMPTS - 1 or _names(self.folder / "manifest.json") == names:
                    raise
            else:
                self.names, self.segments = names, tuple(found)
                return

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock, on the last commit, without what a killed writer left.

        Raises:
            IndexFileError: another process is writing.
        """
        busy = f"{self.folder}: another process is adding to this index; try again later"
        with locked(self.folder / "lock", IndexFileError(busy)):
            self.reload()
            self._sweep()
            yield

    def commit(self, segment: IndexSegment) -> None:
        """Add a segment, merging it with the last ones while they are not much larger."""
        tail = [segment]
        names, segments = list(self.names), list(self.segments)
        while segments and _worth_merging(segments[-1], tail):
            tail.insert(0, segments.pop())
            names.pop()
        joined = tail[0] if len(tail) == 1 else merged(tail)
        name = uuid.uuid4().hex
        write_segment(joined, self._path(name))
        replaced = self.names[len(names) :]
        self.names = (*names, name)
        self.segments = (*segments, open_segment(self._path(name)))
        self._write_manifest()
        for old in replaced:
            shutil.rmtree(self._path(old), ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / "segments" / name

    def _write_manifest(self) -> None:
        manifest = {"format": _FORMAT, "version": _VERSION, "segments": list(self.names)}
        write_atomically(self.folder / "manifest.json", json.dumps(manifest, indent=1))

    def _sweep(self) -> None:
        for path in (self.folder / "segments").iterdir():
            if path.name not in self.names:
                shutil.rmtree(path, ignore_errors=True)
        sweep_drafts(self.folder)


def _worth_merging(last: IndexSegment, tail: list[IndexSegment]) -> bool:
    behind = sum(len(segment.frames) for segment in tail)
    return len(last.frames) <= 2 * behind and len(last.frames) + behind <= _MOST_POSTINGS


def _names(manifest: Path) -> tuple[str, ...]:
    """The segments that a manifest names."""
    try:
        fields = json.loads(manifest.read_text(encoding="utf-8"))
        kind, version, names = fields["format"], fields["version"], fields["segments"]
    except FileNotFoundError:
        raise IndexFileError(f"{manifest.parent}: is no match index (no manifest.json)") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexFileError(f"{manifest}: is no manifest of a match index ({error})") from error
    if kind != _FORMAT or not isinstance(names, list):
        raise IndexFileError(f"{manifest}: is no manifest of a match index")
    if version != _VERSION:
        raise IndexFileError(f"{manifest}: has version {version}; this program reads {_VERSION}")
    if not all(isinstance(name, str) and name.isalnum() for name in names):
        raise IndexFileError(f"{manifest}: names a segment that cannot be one")
    return tuple(names)
