"""Processes that stay and work on a file at a time: the service's own process never decodes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import BoundedSemaphore
from typing import Generic, TypeVar

from moodprint.engine import Crew, file_limits
from moodprint.service.problems import FILE_ERRORS, Problem, problem_of

Value = TypeVar("Value")


class Workers(Generic[Value]):
    """``count`` processes that call ``function`` with paths, started at their first file;
    ``waiting`` calls may wait for one."""

    def __init__(self, function: Callable[[str], Value], count: int, waiting: int) -> None:
        self._crews = [Crew(function, workers=1, limits=file_limits()) for _ in range(count)]
        self._idle: Queue[Crew[str, Value]] = Queue()
        for crew in self._crews:
            self._idle.put(crew)
        self._places = BoundedSemaphore(count + waiting)

    def __call__(self, path: Path) -> Value:
        """What the function gives for a file.

        Raises:
            Problem: 422, the file cannot be analysed; 503, too many calls wait already.
            Whatever else goes wrong is the service's fault, and is raised as it is.
        """
        if not self._places.acquire(blocking=False):
            raise Problem(503, "busy", "Too many calls wait already; try again later.")
        try:
            crew = self._idle.get()
            try:
                return crew(str(path))
            except FILE_ERRORS as error:
                raise problem_of(error) from error
            finally:
                self._idle.put(crew)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the processes."""
        for crew in self._crews:
            crew.close()
