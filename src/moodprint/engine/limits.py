"""How long an item of work may take, and how much memory: what keeps a hostile file harmless."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodprint.errors import OptionError

MEMORY_BYTES = 768 * 1024**2
"""Beside what a process holds when it begins (some 150 MB), so that it stays under 1 GB. Analysis
of a file of any length takes 100 MB; only a file that is made to be large asks for more."""

_LEAST_S = 60.0
_BYTES_A_SECOND = 20_000
"""Of a file, at the least, on the slowest machine: 7 s of speech at 24 kbit/s, 1 s of mp3."""

_MOST_S = 6 * 3600.0


@dataclass(frozen=True)
class Limits:
    """Seconds for an item, alike for all or by the item, and bytes of memory beside those that a
    process holds when it begins; None is no limit. Work with limits runs in a process of its own.

    Raises:
        OptionError: a limit that is not positive.
    """

    time_s: float | Callable[[Any], float] | None = None
    memory_bytes: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.time_s, float | int) and self.time_s <= 0:
            raise OptionError(f"the time limit is more than 0 s, not {self.time_s:g} s")
        if self.memory_bytes is not None and self.memory_bytes <= 0:
            raise OptionError(f"the limit of memory is above 0 bytes, not {self.memory_bytes}")

    def seconds_for(self, item: Any) -> float | None:
        """How long this item may take."""
        return self.time_s(item) if callable(self.time_s) else self.time_s


def file_limits(
    path_of: Callable[[Any], str | os.PathLike[str]] = str,
    *,
    effort: float = 1,
    memory_bytes: int = MEMORY_BYTES,
) -> Limits:
    """The limits for items of which each decodes a file of a stranger: the larger, the longer.

    ``path_of`` an item is the file. ``effort`` says how many times longer than an analysis the
    work on it may take; ``memory_bytes`` how much memory, for work that holds more than a stream.
    """

    def seconds(item: Any) -> float:
        try:
            size = Path(path_of(item)).stat().st_size
        except (OSError, ValueError):
            size = 0
        return min(effort * (_LEAST_S + size / _BYTES_A_SECOND), _MOST_S)

    return Limits(seconds, memory_bytes)


NO_LIMITS = Limits()


def limit_memory(more_bytes: int) -> None:
    """Let this process take so much memory more than it has now; then allocating fails.

    Counted is what it may write to (RLIMIT_DATA), for libraries reserve address space that they
    never use. Where the system has no such limit, none is set.
    """
    try:
        import resource

        status = Path("/proc/self/statm").read_text(encoding="ascii").split()
        held_bytes = int(status[5]) * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (held_bytes + more_bytes, hard))
    except (ImportError, OSError, ValueError):
        return
