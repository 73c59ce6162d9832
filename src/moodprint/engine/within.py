"""How far work is within one item, told by the work and heard where the items come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Hear = Callable[[Any, float, float], None]
"""Called with an item, how much of it is done, and how much there is to do."""

Part = TypeVar("Part", bound=Sized)

_hear: ContextVar[Hear | None] = ContextVar("hear", default=None)
_item: ContextVar[Any] = ContextVar("item", default=None)


def hearing(hear: Hear) -> AbstractContextManager[None]:
    """Within the block, what work on items tells of itself is heard.

    Work in another process is heard while the outcomes of ``engine.run`` are waited for. An engine
    that cannot carry it is silent.
    """
    return _set(_hear, hear)


def unheard() -> AbstractContextManager[None]:
    """Within the block nothing is heard: of two ways through a file one is enough."""
    return _set(_hear, None)


def at_work_on(item: Any) -> AbstractContextManager[None]:
    """Within the block, what is told is told of this item."""
    return _set(_item, item)


@contextmanager
def _set(variable: ContextVar[Any], value: Any) -> Iterator[None]:
    before = variable.get()
    variable.set(value)
    try:
        yield
    finally:
        variable.set(before)  # by value: an iterator may be closed in another context


def tell(done: float, total: float) -> None:
    """Say from within work on an item how much of it is done, of how much."""
    hear = _hear.get()
    if hear is not None:
        hear(_item.get(), min(done, total), total)


def telling(parts: Iterable[Part], total: float | None, per_unit: float = 1.0) -> Iterator[Part]:
    """Pass parts on and tell how far that is: their lengths, ``per_unit`` of them a unit of
    ``total``. Of a total that is not known nothing is told."""
    done = 0
    for part in parts:
        yield part
        done += len(part)
        if total:
            tell(done / per_unit, total)
