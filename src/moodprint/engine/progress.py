"""How long work says how far it is: one shape of callback for the whole package."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many of its steps are done, and how many there are."""


def no_progress(stage: str, done: int, total: int) -> None:
    """The Progress of work that nobody watches."""
    del stage, done, total
