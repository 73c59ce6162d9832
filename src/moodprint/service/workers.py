"""Processes that stay and analyse a file at a time: the service's own process never decodes."""

from __future__ import annotations

from pathlib import Path
from queue import Queue
from threading import BoundedSemaphore

from moodprint.bundle import open_bundle
from moodprint.engine import Crew, available_cores, file_limits
from moodprint.models.acceptance import accept
from moodprint.prediction import Timeline
from moodprint.recognition.batch import FileAnalysis
from moodprint.service.problems import FILE_ERRORS, Problem, problem_of


class Workers:
    """``count`` processes, started at their first file; ``waiting`` calls may wait for one.

    Raises:
        OptionError, BundleError, MissingExtraError: no such model, or one that does not answer.
    """

    def __init__(self, model: str, count: int, waiting: int) -> None:
        accept(open_bundle(model))
        threads = max(1, available_cores() // count)
        analysis = FileAnalysis(model, threads=threads)
        self._crews = [Crew(analysis, workers=1, limits=file_limits()) for _ in range(count)]
        self._idle: Queue[Crew[str, Timeline]] = Queue()
        for crew in self._crews:
            self._idle.put(crew)
        self._places = BoundedSemaphore(count + waiting)

    def analyze(self, path: Path) -> Timeline:
        """The answer for a file.

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
