"""A function over many items: what every engine promises, and the one call that all work takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from moodprint.engine.limits import NO_LIMITS, Limits
from moodprint.engine.local import LocalEngine
from moodprint.engine.outcome import Item, Outcome, Value
from moodprint.errors import MemoryLimitError, OptionError, TimeLimitError, WorkerCrashedError


class Engine(Protocol):
    """Where items of work run. ``tests/engine/test_contract.py`` holds each to the same promises:

    outcomes come in the order of the items; an error, a process that dies and an item that takes
    too long fail that item only; items are pulled as they are needed; closing the iterator and
    Ctrl-C end the work at once. To go on after a stop is the caller's: an engine keeps nothing.
    """

    def run(
        self,
        function: Callable[[Item], Value],
        items: Iterable[Item],
        *,
        workers: int | None,
        limits: Limits,
    ) -> Iterator[Outcome[Item, Value]]:
        """As the function ``run``, which has checked ``workers``."""
        ...


def run(
    function: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    engine: Engine | None = None,
    workers: int | None = None,
    limits: Limits = NO_LIMITS,
) -> Iterator[Outcome[Item, Value]]:
    """Call ``function`` on each item; give the outcomes in the order of the items, as they come.

    ``engine`` says where: by default in processes of this machine (LocalEngine). ``workers`` is
    the number of processes, by default as many as the engine has cores. Each works on one item
    at a time, so that where a process dies (a decoder crashed, memory ran out) only the item in
    it fails, with WorkerCrashedError, and a new process takes its place. An item that goes beyond
    its ``limits`` fails with TimeLimitError or MemoryLimitError. Items are pulled as they are
    needed. Where there are limits, a single worker is a process of its own, too: whatever comes
    from strangers is never opened in the process that the user started.
    The function is sent by pickle: a module's function, a partial of one, or a frozen
    dataclass with ``__call__``; what it keeps in its module lives as long as the process.

    Closing the iterator, or Ctrl-C, ends the processes at once.

    Raises:
        OptionError: a number of workers that is not positive.
        WorkerCrashedError: not even the first process could start.
    """
    if workers is not None and workers < 1:
        raise OptionError(f"the number of workers is 1 or more, not {workers}")
    return (engine or LocalEngine()).run(function, items, workers=workers, limits=limits)


def run_one(function: Callable[[Item], Value], item: Item, *, limits: Limits) -> Value:
    """The function's value for one item, a path or what has one, from a process of its own.

    Raises:
        what the function raises; WorkerCrashedError, TimeLimitError, MemoryLimitError, which name
        the item.
    """
    [outcome] = run(function, [item], workers=1, limits=limits)
    return value_of(outcome)


def value_of(outcome: Outcome[Item, Value]) -> Value:
    """The outcome's value. Raises its error, which names the item where it ended its process."""
    error = outcome.error
    if isinstance(error, (WorkerCrashedError, TimeLimitError, MemoryLimitError)):
        raise type(error)(f"{getattr(outcome.item, 'path', outcome.item)}: {error}") from error
    return outcome.unwrap()
