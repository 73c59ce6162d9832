"""Features that were extracted once, kept by the content they came from."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import FloatArray

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class FeatureCache:
    """Arrays in a folder, named by a hash of all that decides them.

    Moving or renaming an audio file keeps its entries; changing its content, the set, an
    option or the times makes new ones. Many processes may read and write at once. An entry
    that cannot be read counts as absent.
    """

    folder: Path

    def key(self, content_hash: str, fingerprint: dict[str, Any], times: Any) -> str:
        told = json.dumps([content_hash, fingerprint, times], sort_keys=True, default=str)
        return hashlib.blake2b(told.encode(), digest_size=20).hexdigest()

    def get(self, key: str) -> FloatArray | None:
        try:
            with self._path(key).open("rb") as file:
                values: FloatArray = np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        return values

    def put(self, key: str, values: FloatArray) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, values, allow_pickle=False)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npy"


def default_folder() -> Path:
    """Where features are kept unless told otherwise: in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "moodprint" / "features"


def content_hash(path: Path) -> str:
    """A hash of a file's bytes, read with flat memory."""
    digest = hashlib.blake2b(digest_size=20)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
