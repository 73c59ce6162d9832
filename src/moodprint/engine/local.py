"""A function over many items in local processes: in order, and one bad item fails alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from multiprocessing import connection
from typing import Any

from moodprint.engine.outcome import Item, Outcome, Value, attempt
from moodprint.engine.worker import Worker
from moodprint.errors import OptionError, WorkerCrashedError

_AHEAD_PER_WORKER = 16
"""Finished items that may wait for a slow one before them: bounds what is held in memory."""


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    function: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    time_limit_s: float | None = None,
) -> Iterator[Outcome[Item, Value]]:
    """Call ``function`` on each item; give the outcomes in the order of the items, as they come.

    ``workers`` is the number of processes, by default one a core. Each works on one item at a
    time, so that where a process dies (a decoder crashed, memory ran out) only the item in it
    fails, with WorkerCrashedError, and a new process takes its place. An item that takes more
    than ``time_limit_s`` fails with TimeLimitError. Items are pulled as they are needed.
    The function is sent by pickle: a module's function, a partial of one, or a frozen
    dataclass with ``__call__``; what it keeps in its module lives as long as the process.

    With one worker all happens in this process, without a limit and without such protection.

    Closing the iterator, or Ctrl-C, ends the processes at once.

    Raises:
        OptionError: a number of workers or a limit that is not positive.
        WorkerCrashedError: not even the first process could start.
    """
    workers = available_cores() if workers is None else workers
    if workers < 1 or (time_limit_s is not None and time_limit_s <= 0):
        raise OptionError(f"workers and time limit are positive, not {workers}, {time_limit_s}")
    if workers == 1:
        return (attempt(function, item) for item in items)
    return _in_order(_Crew(function, workers, time_limit_s), items, workers * _AHEAD_PER_WORKER)


def _in_order(crew: _Crew, items: Iterable[Item], window: int) -> Iterator[Outcome[Item, Any]]:
    numbered = enumerate(items)
    done: dict[int, Outcome[Item, Any]] = {}
    begun = due = 0
    try:
        while True:
            for number, item in islice(numbered, min(crew.room, due + window - begun)):
                begun += 1
                done |= crew.start(number, item)
            if not crew.busy and not done:
                return
            done |= crew.finished()
            while due in done:
                yield done.pop(due)
                due += 1
    finally:
        crew.end()


class _Crew:
    """The workers, each idle or at work on a numbered item."""

    def __init__(
        self, function: Callable[[Any], Any], size: int, time_limit_s: float | None
    ) -> None:
        self._function, self._size, self._time_limit_s = function, size, time_limit_s
        self._idle: list[Worker] = []
        self._any_was_ready = False
        self.busy: dict[Worker, int] = {}

    @property
    def room(self) -> int:
        return self._size - len(self.busy)

    def start(self, number: int, item: Any) -> dict[int, Outcome[Any, Any]]:
        """Give the item to a worker. An item that cannot be sent is finished at once."""
        worker = self._idle.pop() if self._idle else Worker(self._function, self._time_limit_s)
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
                "no worker process could start: a script that uses workers needs its main part "
                'under  if __name__ == "__main__":'
            ) from outcome.error

    def end(self) -> None:
        for worker in self.busy:
            worker.end()
        for worker in self._idle:
            worker.end(patience_s=1.0)
