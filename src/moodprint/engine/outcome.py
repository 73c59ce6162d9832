"""What became of one item of work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from moodprint.engine.within import at_work_on

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome(Generic[Item, Value]):
    """An item with its value, or with the error that took the value's place.

    ``error`` is what the function raised, or a WorkerCrashedError, TimeLimitError or
    MemoryLimitError where its process died, was ended or asked for too much. ``value`` is None
    beside an error.
    """

    item: Item
    value: Value | None = None
    error: Exception | None = None

    def unwrap(self) -> Value:
        """The value. Raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # without an error it is a Value


def attempt(function: Callable[[Item], Value], item: Item) -> Outcome[Item, Value]:
    """Call the function on the item; any Exception becomes the outcome's error."""
    try:
        with at_work_on(item):
            return Outcome(item, value=function(item))
    except Exception as error:
        return Outcome(item, error=error)
