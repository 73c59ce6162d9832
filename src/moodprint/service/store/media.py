"""Media on disk: each content once, under its SHA-256, whatever strangers call it."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from moodprint.files import write_atomically
from moodprint.service.problems import Problem
from moodprint.service.roots import too_large

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class StoredMedia:
    """A file in the store: the SHA-256 of its bytes, and how many."""

    content: str
    size_bytes: int


class MediaStore:
    """The folder that holds media, of ``most_bytes`` at most each.

    Files arrive under ``incoming`` and are renamed when whole, so that what lies under a content
    is always all of it.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._incoming = folder / "media", folder / "incoming"
        self._most_bytes = most_bytes
        for each in (self._folder, self._incoming):
            each.mkdir(parents=True, exist_ok=True)

    def path(self, content: str) -> Path:
        """Where a content lies, or would lie."""
        return self._folder / content[:2] / content

    def peaks(self, content: str) -> Path:
        """Where the peaks of a content's waveform lie, or would lie."""
        return self._folder / content[:2] / f"{content}.peaks"

    def keep(self, file: BinaryIO, room_bytes: int) -> StoredMedia:
        """The rest of an open file, copied; ``room_bytes`` are left for it.

        Raises:
            Problem: 413, larger than a file may be; 507, larger than the room.
        """
        digest, size = hashlib.sha256(), 0
        with self._draft() as (draft, path):
            while chunk := file.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > self._most_bytes:
                    raise too_large(self._most_bytes)
                if size > room_bytes:
                    raise Problem(507, "no-room", "The service's store of media is full.")
                digest.update(chunk)
                draft.write(chunk)
            draft.flush()
            os.fsync(draft.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
        return StoredMedia(digest.hexdigest(), size)

    def keep_peaks(self, content: str, peaks: bytes) -> None:
        """Beside their content; where that has been removed meanwhile, not."""
        if self.path(content).exists():
            write_atomically(self.peaks(content), peaks)

    def remove(self, content: str) -> None:
        """Forget a content and its peaks; one that is not there is none the less gone."""
        self.path(content).unlink(missing_ok=True)
        self.peaks(content).unlink(missing_ok=True)

    def draft(self) -> Path:
        """A name for what is there for a while, file or folder; ``sweep`` removes what is left."""
        return self._incoming / os.urandom(16).hex()

    def sweep(self, older_than_s: float) -> None:
        """Remove what uploads that were cut off by the server's end left, if older than this."""
        limit = time.time() - older_than_s
        for path in self._incoming.iterdir():
            if path.stat().st_mtime >= limit:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    @contextmanager
    def _draft(self) -> Iterator[tuple[BinaryIO, Path]]:
        path = self.draft()
        try:
            with path.open("xb") as file:
                yield file, path
        finally:
            path.unlink(missing_ok=True)
