"""Progress bars on stderr, a stage each, where a person is there to see them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from moodprint.engine import Progress

_ROOM_FOR_TIME, _ROOM_FOR_BAR = 40, 60
"""Columns that a terminal needs for a name and a count with the time left, and with a bar."""
_COUNT_COLUMNS, _SHARE_COLUMNS, _TIME_COLUMNS = 12, 5, 8
"""Room of a count such as 10234/11000, of a share such as 100%, and of a time such as 1:02:03, with
their gaps."""


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A Progress to hand to a call of the library; each stage that it names gets a bar.

    The bars vanish at the end, so that what is printed then stands alone. Nothing is shown, and
    rich is not loaded, where ``quiet`` is asked or stderr is no terminal. NO_COLOR is respected.
    """
    if quiet or not sys.stderr.isatty():
        from moodprint.engine import no_progress  # loads what starts processes

        yield no_progress
        return
    from rich.console import Console

    bars = _bars(Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def show(stage: str, done: float, total: float) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    with bars:
        yield show


def _bars(console: Console) -> Bars:
    from rich import progress as parts
    from rich.table import Column

    has_time, has_bar = console.width >= _ROOM_FOR_TIME, console.width >= _ROOM_FOR_BAR
    room = console.width - _COUNT_COLUMNS - (_SHARE_COLUMNS + _TIME_COLUMNS) * has_time
    name = Column(no_wrap=True, overflow="ellipsis", max_width=room)
    number = Column(no_wrap=True)
    columns = [
        parts.TextColumn("{task.description}", markup=False, table_column=name),
        *([parts.BarColumn(bar_width=None)] if has_bar else []),
        *([parts.TaskProgressColumn(table_column=number)] if has_time else []),
        parts.MofNCompleteColumn(table_column=number),
        *([parts.TimeRemainingColumn(compact=True, table_column=number)] if has_time else []),
    ]
    return parts.Progress(*columns, console=console, expand=has_bar, transient=True)
