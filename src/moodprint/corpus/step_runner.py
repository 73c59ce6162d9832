"""Where the steps of a build run, and who watches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from moodprint.engine import Engine, Limits, Outcome, Progress, no_progress, run

Item = TypeVar("Item")
Value = TypeVar("Value")

_NO_LIMITS = Limits()


@dataclass(frozen=True)
class StepRunner:
    """``cache`` is the folder of finished steps; the rest is as in ``engine.run``."""

    cache: Path
    workers: int | None = None
    engine: Engine | None = None
    progress: Progress = no_progress

    def each(
        self,
        stage: str,
        function: Callable[[Item], Value],
        items: Sequence[Item],
        limits: Limits = _NO_LIMITS,
    ) -> Iterator[Outcome[Item, Value]]:
        """The outcome of each item, in order, as they come; ``stage`` is how progress names it.

        Items that decode a file have limits: see ``engine.file_limits``.
        """
        outcomes = run(function, items, engine=self.engine, workers=self.workers, limits=limits)
        for done, outcome in enumerate(outcomes, 1):
            self.progress(stage, done, len(items))
            yield outcome
