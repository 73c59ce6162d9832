"""Features that were extracted once, kept by the content they came from."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import InputError
from moodprint.files import atomic_file, write_atomically
from moodprint.outputs import AnyPath

_PROBE = ".writable"


@dataclass(frozen=True)
class FeatureCache:
    """Arrays in a folder, named by a hash of all that decides them.

    Moving or renaming an audio file keeps its entries; changing its content, the set, an
    option or the times makes new ones. Many processes may read and write at once. An entry
    that cannot be read counts as absent.
    """

    folder: AnyPath

    def key(self, content_hash: str, fingerprint: dict[str, Any], times: Any) -> str:
        """The name of an entry: a hash of the file's content, the set and what is cut from it."""
        decides = json.dumps([content_hash, fingerprint, times], sort_keys=True, default=str)
        return hashlib.blake2b(decides.encode(), digest_size=20).hexdigest()

    def get(self, key: str) -> FloatArray | None:
        """The array of that key; None where there is none, or none that can be read."""
        try:
            with self._path(key).open("rb") as file:
                return np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None

    def put(self, key: str, values: FloatArray) -> None:
        """Keep an array under that key; readers see all of it or nothing."""
        with atomic_file(self._path(key)) as file:
            np.save(file, values, allow_pickle=False)

    def _path(self, key: str) -> Path:
        return Path(self.folder) / key[:2] / f"{key}.npy"


def writable_cache(folder: AnyPath) -> FeatureCache | None:
    """The cache in a folder, made where it is missing; None where nothing can be written there."""
    folder = Path(folder)
    try:
        write_atomically(folder / _PROBE, b"")
        (folder / _PROBE).unlink(missing_ok=True)
    except (InputError, OSError):
        return None
    return FeatureCache(folder)


def default_folder() -> Path:
    """Where features are kept unless told otherwise: in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "moodprint" / "features"
