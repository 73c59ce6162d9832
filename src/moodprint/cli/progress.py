"""A progress bar on stderr, where a person is there to see it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def progress(
    items: Iterable[Item], what: str, total: int, *, quiet: bool = False
) -> Iterator[Item]:
    """The items as they come, and a bar that counts them; no bar where stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, what, total, console=Console(stderr=True), transient=True)
