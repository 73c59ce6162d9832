"""How long work says how far it is: one shape of callback for the whole package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moodprint.engine.within import hearing

Progress = Callable[[str, float, float], None]
"""Called with a stage's name, how many of its steps are done, and how many there are; a step that
is done in part counts by its part."""


def no_progress(stage: str, done: float, total: float) -> None:
    """The Progress of work that nobody watches."""
    del stage, done, total


BY_THE_SECOND = ", by the second"
"""Added to a stage's name where it tells of the seconds of a single file."""


class ItemProgress:
    """The progress of work on ``total`` items, each of which tells how far it is within itself.

    Of several items those at work count by their parts, if ``in_parts``. Of one the steps are
    what it counts in, as seconds of a file, and the stage's name says so.
    """

    def __init__(
        self, progress: Progress, stage: str, total: int, *, in_parts: bool = True
    ) -> None:
        self._progress, self._stage, self._total = progress, stage, total
        self._in_parts = in_parts
        self._parts: dict[Any, float] = {}
        self._done = 0

    def finish(self, item: Any) -> None:
        """The outcome of an item is there."""
        self._parts.pop(item, None)
        self._done += 1
        self._progress(self._stage, self._done, self._total)

    def hear(self, item: Any, done: float, total: float) -> None:
        """An item is so far."""
        if self._total == 1:
            self._progress(self._stage + BY_THE_SECOND, int(done), int(total))
        elif self._in_parts:
            self._parts[item] = done / total
            self._progress(self._stage, self._done + sum(self._parts.values()), self._total)


@contextmanager
def progress_within(
    progress: Progress, stage: str, total: int, *, in_parts: bool = True
) -> Iterator[ItemProgress]:
    """An ItemProgress that hears the items while the block lasts."""
    items = ItemProgress(progress, stage, total, in_parts=in_parts)
    with hearing(items.hear):
        yield items
