"""The table of files at the top of a report: a row each, with its moods and presences over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.prediction import Timeline
from moodprint.reports.html.sections import Section
from moodprint.reports.palette import COLOURS
from moodprint.reports.terminal.strip import Mark, strip

_PIECES = 60
_UNSURE_OPACITY = 0.45


@dataclass(frozen=True)
class Piece:
    """Time that says the same, in percent of the file: music in the colour of its emotion, or what
    else is there, by the name of a presence."""

    start: float
    width: float
    presence: str
    colour: str | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class SummaryRow:
    """A file in the table at the top."""

    section: Section
    strip: tuple[Piece, ...]

    @property
    def status(self) -> str:
        """What the table is filtered by: an emotion, ``unsure`` or ``no music``."""
        return self.section.headline


def summary(sections: Sequence[Section]) -> list[SummaryRow]:
    """The rows of the table at the top."""
    return [SummaryRow(section, pieces(section.timeline)) for section in sections]


def pieces(timeline: Timeline) -> tuple[Piece, ...]:
    """The timeline in at most 60 pieces, neighbours that say the same joined."""
    joined: list[tuple[int, int, Mark]] = []
    for place, mark in enumerate(strip(timeline, _PIECES)):
        if joined and joined[-1][2] == mark:
            joined[-1] = (joined[-1][0], joined[-1][1] + 1, mark)
        else:
            joined.append((place, 1, mark))
    return tuple(_piece(place, width, mark) for place, width, mark in joined)


def _piece(place: int, width: int, mark: Mark) -> Piece:
    start, share = round(100 * place / _PIECES, 2), round(100 * width / _PIECES, 2)
    if mark.emotion is None:
        return Piece(start, share, str(mark.presence))
    opacity = _UNSURE_OPACITY if mark.unsure else 1.0
    return Piece(start, share, str(mark.presence), COLOURS[mark.emotion], opacity)
