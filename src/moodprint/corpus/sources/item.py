"""What every kind of source gives: items, each of which can be fetched into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from moodprint.audio.media import Chapter


@dataclass(frozen=True)
class Fetched:
    """A media file that was brought into a folder, with what its source says of it."""

    path: Path
    details: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True)
class Item:
    """One recording of a source.

    ``key`` names it for ever, so that it is not fetched twice. ``fetch`` brings it into a folder
    of its own, in which a fetch that was cut off may have left a beginning.
    """

    key: str
    emotion: str
    fetch: Callable[[Path], Fetched]
    details: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False


class Source(Protocol):
    """A line of SOURCES.yaml. ``items`` may ask a network; it raises FetchError."""

    @property
    def name(self) -> str:
        """How a report names it."""
        ...

    def items(self) -> Iterator[Item]:
        """Its recordings, as far as they are known before they are fetched."""
        ...
