"""A function over many items in local processes: in order, and one bad item fails alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection
from typing import Any

from moodprint.engine.cores import available_cores
from moodprint.engine.limits import NO_LIMITS, Limits
from moodprint.engine.outcome import Item, Outcome, Value, attempt
from moodprint.engine.worker import Worker
from moodprint.errors import WorkerCrashedError

_AHEAD_PER_WORKER = 16
"""Finished items that may wait for a slow one before them: bounds what is held in memory."""


@dataclass(frozen=True)
class LocalEngine:
    """Processes of this machine, one a core unless told otherwise.

    With one worker and without limits all happens in this process: nothing is pickled, and a crash
    is not guarded against.
    """

    def run(
        self,
        function: Callable[[Item], Value],
        items: Iterable[Item],
        *,
        workers: int | None = None,
        limits: Limits = NO_LIMITS,
    ) -> Iterator[Outcome[Item, Value]]:
        """The outcomes in the order of the items: see ``engine.run`` for what is promised."""
        workers = workers or available_cores()
        if workers == 1 and limits == NO_LIMITS:
            return (attempt(function, item) for item in items)
        return _and_end(LocalCrew(function, workers, limits), items)


def _and_end(crew: LocalCrew, items: Iterable[Item]) -> Iterator[Outcome[Item, Any]]:
    try:
        yield from crew.outcomes(items)
    finally:
        crew.end()


class LocalCrew:
    """Workers, each idle or at work on a numbered item; started as they are needed, they stay
    until ``end``."""

    def __init__(self, function: Callable[[Any], Any], size: int, limits: Limits) -> None:
        self._function, self._size, self._limits = function, size, limits
        self._idle: list[Worker] = []
        self._any_was_ready = False
        self.busy: dict[Worker, int] = {}

    def outcomes(self, items: Iterable[Item]) -> Iterator[Outcome[Item, Any]]:
        """The outcomes in the order of the items. Workers in the midst of an item end with the
        iterator; idle ones stay."""
        numbered, window = enumerate(items), self._size * _AHEAD_PER_WORKER
        done: dict[int, Outcome[Item, Any]] = {}
        begun = due = 0
        try:
            while True:
                for number, item in islice(numbered, min(self.room, due + window - begun)):
                    begun += 1
                    done |= self.start(number, item)
                if not self.busy and not done:
                    return
                done |= self.finished()
                while due in done:
                    yield done.pop(due)
                    due += 1
        finally:
            for worker in self.busy:
                worker.end()
            self.busy.clear()

    @property
    def room(self) -> int:
        """How many more items can be begun now."""
        return self._size - len(self.busy)

    def start(self, number: int, item: Any) -> dict[int, Outcome[Any, Any]]:
        """Give the item to a worker. An item that cannot be sent is finished at once."""
        worker = self._idle.pop() if self._idle else Worker(self._function, self._limits)
        try:
            worker.give(item)
        except Exception as error:
            self._idle.append(worker)
            return {number: Outcome(item, error=error)}
        self.busy[worker] = number
        return {}

    def finished(self) -> dict[int, Outcome[Any, Any]]:
        """Wait until something happens; the outcomes that are there then, by number."""
        if not self.busy:
            return {}
        limits = [worker.left_s for worker in self.busy if worker.left_s is not None]
        by_connection = {worker.connection: worker for worker in self.busy}
        readable = connection.wait(list(by_connection), min(limits, default=None))
        outcomes = {}
        for worker, number in list(self.busy.items()):
            outcome = None
            if worker.connection in readable:
                outcome = worker.take()
            elif worker.left_s == 0:
                outcome = worker.give_up()
            if outcome is not None:
                outcomes[number] = outcome
                self._release(worker, outcome)
        return outcomes

    def _release(self, worker: Worker, outcome: Outcome[Any, Any]) -> None:
        del self.busy[worker]
        self._any_was_ready |= worker.ready
        if worker.alive:
            self._idle.append(worker)
        elif not self._any_was_ready:
            raise WorkerCrashedError(
                f"no worker process could start: {outcome.error}"
            ) from outcome.error

    def end(self) -> None:
        """End all workers."""
        for worker in self.busy:
            worker.end()
        for worker in self._idle:
            worker.end(patience_s=1.0)
        self._idle.clear()
