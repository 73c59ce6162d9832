"""Matches of queries, and music that files share, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from moodprint.fingerprint import QueryAnswer, SharedMusic
from moodprint.plain_text import one_line
from moodprint.reports.timeline_text import clock


def matches_table(answers: Iterable[QueryAnswer]) -> Table:
    """A row a match; one with "-" for a query without any. Queries that failed are left out."""
    table = Table("query", "track", "speed", "score", box=SIMPLE)
    for answer in answers:
        if answer.error is None and not answer.matches:
            table.add_row(_name(answer.query), "-", "", "")
        for match in answer.matches:
            table.add_row(
                _place(answer.query, match.query_offset_s),
                _place(match.track, match.track_offset_s),
                f"{match.speed:.3f}",
                f"{match.score:.0f}",
            )
    return table


def shared_music_table(shared: Iterable[SharedMusic]) -> Table:
    """A row a pair of files."""
    table = Table("file", "shares with", "seconds", "speed", "semitones", "score", box=SIMPLE)
    for pair in shared:
        table.add_row(
            _place(pair.first, pair.first_offset_s),
            _place(pair.second, pair.second_offset_s),
            f"{pair.duration_s:.1f}",
            f"{pair.speed:.3f}",
            f"{pair.pitch_semitones:+.2f}",
            f"{pair.score:.0f}",
        )
    return table


def _name(path: str) -> Text:
    return Text(one_line(Path(path).name))


def _place(path: str, seconds: float) -> Text:
    return Text.assemble(_name(path), "\nat ", clock(seconds, 1))
