"""Windows of time that overlap, cut so that each moment belongs to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any, ClassVar, Protocol, TypeVar


class Window(Protocol):
    """A dataclass with a place in time, in seconds."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def start_s(self) -> float:
        """Where it begins."""

    @property
    def end_s(self) -> float:
        """Where it ends."""


Cut = TypeVar("Cut", bound=Window)


def cells(windows: Sequence[Cut]) -> tuple[Cut, ...]:
    """The windows cut so that each moment belongs to one of them, the nearest.

    Where two neighbours overlap, they meet in the middle of what they share: windows of 5 s
    every 2.5 s become cells of 2.5 s. Gaps stay gaps. Windows come in order of time.
    """
    cut: list[Cut] = []
    free_from_s = 0.0
    for window, following in zip_longest(windows, windows[1:]):
        start_s, end_s = max(window.start_s, free_from_s), window.end_s
        if following is not None and following.start_s < end_s:
            end_s = (following.start_s + end_s) / 2
        if end_s > start_s:
            cut.append(replace(window, start_s=start_s, end_s=end_s))
            free_from_s = end_s
    return tuple(cut)
