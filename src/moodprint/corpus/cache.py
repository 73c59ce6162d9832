"""Results of finished steps, kept by content: a run that was cut off goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

_CHUNK_BYTES = 1 << 20


class StepCache:
    """A folder of small files, each the result of one step on one content with one setting.

    A result is written beside its place and then moved there, so that it is whole or absent
    whenever the process dies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        try:
            return self._place(key).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, key: str, result: bytes) -> None:
        place = self._place(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, result)

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def key_of(*parts: Any) -> str:
    """A name for a step: the hash of all that its result depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes: the same on every machine, whatever decodes it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file at once: readers see the old content or the new, never a part."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
