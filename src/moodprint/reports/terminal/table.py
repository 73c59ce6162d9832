"""What people read in a terminal: several files as a table, one file in detail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from moodprint.plain_text import one_line
from moodprint.prediction import Answer, Failure, Timeline
from moodprint.reports.explanation_text import explanation_words
from moodprint.reports.terminal.details import details
from moodprint.reports.terminal.names import shortened
from moodprint.reports.terminal.terminal import Terminal
from moodprint.reports.timeline_text import (
    clock,
    moods_in_order,
    presence_shares,
    signed,
    sureness,
    totals_words,
    tracks_words,
)

_WIDTH_WITHOUT_TERMINAL = 120
_WIDTH_FOR_A_STRIP = 70
_WIDEST_STRIP = 50
_SHORTEST_NAME = 12
_WIDTH_FOR_TRACKS, _ROOM_FOR_TRACKS = 100, 30
_GAP = 2


def show(answers: Sequence[Answer], console: Console | None = None) -> None:
    """Print the answers for people: one in detail, several as a table, then what went wrong."""
    console = console or usual_console()
    terminal = Terminal.for_console(console)
    if len(answers) == 1 and isinstance(answers[0], Timeline):
        console.print(details(answers[0], console.width, terminal))
    elif any(isinstance(answer, Timeline) for answer in answers):
        console.print(table(answers, console.width, terminal))
        if console.width >= _WIDTH_FOR_A_STRIP:
            console.print(terminal.legend())
    for line in _notes(answers, console.width):
        console.print(Text(line), soft_wrap=True)
    if len(answers) > 1:
        console.print(Text(totals_words(answers)))


def usual_console() -> Console:
    """Standard output, with room for the table also where it is a pipe or a file."""
    console = Console()
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(width=_WIDTH_WITHOUT_TERMINAL)


def table(answers: Sequence[Answer], width: int, terminal: Terminal) -> Table:
    """A row for each file; columns give way as the terminal gets narrower."""
    has_tracks = width >= _WIDTH_FOR_TRACKS and any(map(_has_tracks, answers))
    room = width - _ROOM_FOR_TRACKS if has_tracks else width
    columns = [column for column in _COLUMNS if room >= column.from_width]
    columns += [_TRACKS] * has_tracks
    rows = [_row(answer, columns, terminal, room) for answer in answers]
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    needed = [max(map(cell_len, column)) for column in _columns_of(rows, columns)]
    for_names = max(_SHORTEST_NAME, width - sum(needed) - _GAP * len(columns))
    names = shortened([one_line(answer.source) for answer in answers], for_names)
    grid.add_row(Text("file", "bold"), *(Text(column.title, "bold") for column in columns))
    for name, row in zip(names, rows, strict=True):
        grid.add_row(Text(name, no_wrap=True), *row)
    return grid


def _has_tracks(answer: Answer) -> bool:
    return isinstance(answer, Timeline) and any(segment.track for segment in answer.segments)


def _tracks(timeline: Timeline, *_: object) -> Text:
    [names] = shortened([tracks_words(timeline)], _ROOM_FOR_TRACKS - _GAP)
    return Text(names, no_wrap=True)


def _row(answer: Answer, columns: Sequence[_Column], terminal: Terminal, width: int) -> list[Text]:
    if isinstance(answer, Failure):
        return [Text("failed", "red"), *(Text() for _ in columns[1:])]
    return [column.cell(answer, terminal, width) for column in columns]


def _columns_of(rows: Sequence[Sequence[Text]], columns: Sequence[_Column]) -> list[list[str]]:
    """The texts of each column, its title first."""
    return [
        [column.title, *(row[index].plain for row in rows)] for index, column in enumerate(columns)
    ]


@dataclass(frozen=True)
class _Column:
    title: str
    from_width: int
    cell: Callable[[Timeline, Terminal, int], Text]


def _emotion(timeline: Timeline, terminal: Terminal, _: int) -> Text:
    return terminal.emotion(timeline.overall, [mood.emotion for mood in moods_in_order(timeline)])


def _sure(timeline: Timeline, *_: object) -> Text:
    if len(moods_in_order(timeline)) > 1:
        return Text("changes")
    return Text(sureness(timeline.overall))


def _length(timeline: Timeline, *_: object) -> Text:
    return Text(clock(timeline.duration_s), justify="right")


def _strip(timeline: Timeline, terminal: Terminal, width: int) -> Text:
    return terminal.strip(timeline, min(width // 3, _WIDEST_STRIP))


def _plane(timeline: Timeline, *_: object) -> Text:
    valence, arousal = timeline.overall.valence, timeline.overall.arousal
    if valence is None or arousal is None:
        return Text()
    return Text(f"{signed(valence)}    {signed(arousal)}")


def _presence(timeline: Timeline, *_: object) -> Text:
    shares = presence_shares(timeline)
    parts = (f"{presence} {share:.0%}" for presence, share in shares.items() if share >= 0.005)
    return Text(", ".join(parts))


_COLUMNS = (
    _Column("emotion", 0, _emotion),
    _Column("how sure", 0, _sure),
    _Column("length", 60, _length),
    _Column("over time", _WIDTH_FOR_A_STRIP, _strip),
    _Column("valence  arousal", 120, _plane),
    _Column("heard", 150, _presence),
)
_TRACKS = _Column("known tracks", 0, _tracks)
"""Beside the others, where there is room and an index has found any."""


def _notes(answers: Sequence[Answer], width: int) -> Iterator[str]:
    """Known tracks without a column, errors, reasons, explanations and warnings, each a line."""
    for answer in answers:
        source = one_line(answer.source)
        if isinstance(answer, Failure):
            yield one_line(answer.error)
            continue
        if _has_tracks(answer) and len(answers) > 1 and width < _WIDTH_FOR_TRACKS:
            yield f"{source}: known tracks: {tracks_words(answer)}"
        if answer.reason and len(answers) > 1:
            yield f"{source}: {one_line(answer.reason)}"
        if answer.explanation and answer.overall.emotion and len(answers) > 1:
            why = explanation_words(answer.explanation, answer.overall.emotion)
            yield f"{source}: why {answer.overall.emotion}: {why}"
        for warning in answer.warnings:
            yield f"{source}: warning: {one_line(warning)}"
