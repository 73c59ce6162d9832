"""Workers that stay: for work that comes in several calls, each of which would start them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Self

from moodprint.engine.cores import available_cores
from moodprint.engine.engine import Engine, run, value_of
from moodprint.engine.limits import NO_LIMITS, Limits
from moodprint.engine.local import LocalCrew
from moodprint.engine.outcome import Item, Outcome, Value


class Crew(Generic[Item, Value]):
    """``engine.run`` with workers that live on from one call to the next, until ``close``.

    They start with the first item. Another engine than the local one is asked anew for each call.
    """

    def __init__(
        self,
        function: Callable[[Item], Value],
        *,
        engine: Engine | None = None,
        workers: int | None = None,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self._function, self._engine, self._limits = function, engine, limits
        self._workers = workers or available_cores()
        self._crew: LocalCrew | None = None

    def run(self, items: Iterable[Item]) -> Iterator[Outcome[Item, Value]]:
        """The outcomes in the order of the items, as they come: see ``engine.run``. One call has
        to end before the next begins."""
        in_this_process = self._workers == 1 and self._limits == NO_LIMITS
        if self._engine is not None or in_this_process:
            return run(
                self._function,
                items,
                engine=self._engine,
                workers=self._workers,
                limits=self._limits,
            )
        if self._crew is None:
            self._crew = LocalCrew(self._function, self._workers, self._limits)
        return self._crew.outcomes(items)

    def __call__(self, item: Item) -> Value:
        """The function's value for one item: see ``engine.run_one``."""
        [outcome] = self.run([item])
        return value_of(outcome)

    def close(self) -> None:
        """End the workers; a later call starts new ones."""
        if self._crew is not None:
            self._crew.end()
        self._crew = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
