"""Recordings that ended the process which read them: a build tries each of them twice at most."""

from __future__ import annotations

import json
from pathlib import Path

from moodprint.answer_origin import FileState
from moodprint.corpus.step_cache import StepCache, key_of
from moodprint.errors import MemoryLimitError, TimeLimitError, WorkerCrashedError

MOST_TRIES = 2


class EndedReaders:
    """How often each file, as it is now, has ended its process; kept in the cache of a build."""

    def __init__(self, cache_folder: Path) -> None:
        self._cache = StepCache(cache_folder)

    def why_not(self, path: Path) -> str | None:
        """Why a file is not tried any more; None where it is to be tried."""
        times, reason = self._known(path)
        if times < MOST_TRIES:
            return None
        return (
            f"{reason}; this happened {times} times, so that it is not tried again: touch the file "
            "to have it tried"
        )

    def note(self, path: Path, error: Exception) -> None:
        """Remember an error, if it is that a file ended its process."""
        if isinstance(error, (WorkerCrashedError, TimeLimitError, MemoryLimitError)):
            known = json.dumps([self._known(path)[0] + 1, str(error)])
            self._cache.put(self._key(path), known.encode())

    def _known(self, path: Path) -> tuple[int, str]:
        stored = self._cache.get(self._key(path))
        times, reason = (0, "") if stored is None else json.loads(stored)
        return int(times), str(reason)

    def _key(self, path: Path) -> str:
        return key_of("ended", 1, str(path.absolute()), str(FileState.of(path)))
