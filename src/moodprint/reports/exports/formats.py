"""What a format is: its name, its suffix, and the function that renders it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moodprint.prediction import Answer, Timeline


@dataclass(frozen=True)
class ListFormat:
    """A format that holds the answers for many files, failures among them."""

    name: str
    suffix: str
    media_type: str
    render: Callable[[Sequence[Answer]], bytes]


@dataclass(frozen=True)
class FileFormat:
    """A format that describes one analysed file; several need a folder."""

    name: str
    suffix: str
    media_type: str
    render: Callable[[Timeline], bytes]


Exporter = ListFormat | FileFormat
