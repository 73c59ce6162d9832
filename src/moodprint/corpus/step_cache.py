"""Results of finished steps, kept by content: a run that was cut off goes on where it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from moodprint.errors import CorpusError, InputError
from moodprint.files import hash_file, write_atomically


class StepCache:
    """A folder of small files, each the result of one step on one content with one setting.

    A result is whole or absent, whenever the process dies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """The result that was put under the key; None where there is none.

        Raises:
            CorpusError: it cannot be read.
        """
        try:
            return self._place(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CorpusError(f"{self._folder}: the build cannot go on: {error}") from error

    def put(self, key: str, result: bytes) -> None:
        """Keep a result.

        Raises:
            CorpusError: it cannot be written (a full disk, no permission).
        """
        try:
            write_atomically(self._place(key), result)
        except InputError as error:
            raise CorpusError(f"{self._folder}: the build cannot go on: {error}") from error

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]


def key_of(*parts: Any) -> str:
    """A name for a step: the hash of all that its result depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def hash_of(path: Path) -> str:
    """SHA-256 of a file's bytes, which the manifest names: the same on every machine, whatever
    decodes it, and what ``sha256sum`` prints."""
    return hash_file(path, hashlib.sha256)
