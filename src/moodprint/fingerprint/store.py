"""The index folder: a manifest that names the segments, replaced as a whole at each commit.

    manifest.json      format, version, segments: [{name, checksum}, ...], checksum
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
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moodprint.errors import IndexFileError
from moodprint.files import locked, sweep_drafts, write_atomically
from moodprint.fingerprint.segment import IndexSegment, merged
from moodprint.fingerprint.segment_files import open_segment, write_segment

_FORMAT = "moodprint match index"
_VERSION = 2
"""Raised when an older program could not read what is written. Version 1 had no checksums."""
_MOST_POSTINGS = 16_000_000
"""Segments past this (about 2,500 songs) are not merged any more: it bounds a merge's memory."""
_ATTEMPTS = 5
"""How often a reader looks again where a writer has just replaced what it was about to open."""


@dataclass(frozen=True)
class SegmentEntry:
    """A segment that the manifest names: its folder, and the checksum of its tracks.json."""

    name: str
    checksum: int


class Store:
    """The segments of an index folder, as of the last commit seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: tuple[SegmentEntry, ...] = ()
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
        manifest = self.folder / "manifest.json"
        for attempt in range(_ATTEMPTS):
            entries = _read_manifest(manifest)
            held = dict(zip(self.entries, self.segments, strict=True))
            try:
                found = [held.get(entry) or self._open(entry) for entry in entries]
            except IndexFileError:
                # A writer may have merged these segments since the manifest was read.
                if attempt == _ATTEMPTS - 1 or _read_manifest(manifest) == entries:
                    raise
            else:
                self.entries, self.segments = entries, tuple(found)
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
        """Add a segment, merging it with the last ones while they are not much larger.

        Raises:
            NoPermissionError, InputError: it cannot be written; the index is as it was.
        """
        tail = [segment]
        entries, segments = list(self.entries), list(self.segments)
        while segments and _worth_merging(segments[-1], tail):
            tail.insert(0, segments.pop())
            entries.pop()
        replaced = self.entries[len(entries) :]
        entry = self._written(tail[0] if len(tail) == 1 else merged(tail))
        self.entries = (*entries, entry)
        self.segments = (*segments, self._open(entry))
        self._write_manifest()
        for old in replaced:
            shutil.rmtree(self._path(old.name), ignore_errors=True)

    def _written(self, segment: IndexSegment) -> SegmentEntry:
        name = uuid.uuid4().hex
        try:
            return SegmentEntry(name, write_segment(segment, self._path(name)))
        except BaseException:
            shutil.rmtree(self._path(name), ignore_errors=True)
            raise

    def _open(self, entry: SegmentEntry) -> IndexSegment:
        return open_segment(self._path(entry.name), entry.checksum)

    def _path(self, name: str) -> Path:
        return self.folder / "segments" / name

    def _write_manifest(self) -> None:
        segments = [asdict(entry) for entry in self.entries]
        checksum = _checksum(segments)
        fields = {"format": _FORMAT, "version": _VERSION, "segments": segments}
        text = json.dumps({**fields, "checksum": checksum}, indent=1)
        write_atomically(self.folder / "manifest.json", text)

    def _sweep(self) -> None:
        names = {entry.name for entry in self.entries}
        for path in (self.folder / "segments").iterdir():
            if path.name not in names:
                shutil.rmtree(path, ignore_errors=True)
        sweep_drafts(self.folder)


def _worth_merging(last: IndexSegment, tail: list[IndexSegment]) -> bool:
    behind = sum(len(segment.frames) for segment in tail)
    return len(last.frames) <= 2 * behind and len(last.frames) + behind <= _MOST_POSTINGS


def _read_manifest(manifest: Path) -> tuple[SegmentEntry, ...]:
    """The segments that a manifest names."""
    try:
        fields = json.loads(manifest.read_text(encoding="utf-8"))
        kind, version, segments = fields["format"], fields["version"], fields["segments"]
    except FileNotFoundError:
        raise IndexFileError(f"{manifest.parent}: is no match index (no manifest.json)") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexFileError(f"{manifest}: is no manifest of a match index ({error})") from error
    if kind != _FORMAT:
        raise IndexFileError(f"{manifest}: is no manifest of a match index")
    _check_version(manifest, version)
    try:
        entries = tuple(SegmentEntry(**segment) for segment in segments)
        whole = fields["checksum"] == _checksum(segments)
    except (KeyError, TypeError) as error:
        raise IndexFileError(f"{manifest}: is no manifest of a match index ({error})") from error
    if not whole:
        raise IndexFileError(
            f"{manifest}: is damaged: it is not what was written (its checksum differs); make the "
            "index anew"
        )
    if not all(isinstance(entry.name, str) and entry.name.isalnum() for entry in entries):
        raise IndexFileError(f"{manifest}: names a segment that cannot be one")
    return entries


def _check_version(manifest: Path, version: Any) -> None:
    if version == 1:
        raise IndexFileError(
            f"{manifest.parent}: is an index of version 1, which has no checksums against damage; "
            "make it anew:  moodprint match index FILES --index NEW"
        )
    if version != _VERSION:
        raise IndexFileError(f"{manifest}: has version {version}; this program reads {_VERSION}")


def _checksum(segments: Any) -> int:
    """CRC-32 of what a manifest says of its segments."""
    return zlib.crc32(json.dumps(segments, sort_keys=True).encode())
