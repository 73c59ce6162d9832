"""Matches of queries, and music that files share, as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from moodprint.fingerprint import QueryAnswer
from moodprint.plain_text import one_line
from moodprint.recognition.sharing import Sharing
from moodprint.reports.timeline_text import clock
from moodprint.reports.track_words import track_words


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


def shared_music_table(sharing: Sharing) -> Table:
    """A row a file of each track that files share, and a line on what shares speech only."""
    table = Table("track", "file", "from", "to", box=SIMPLE, caption=_speech_words(sharing))
    for track in sharing.tracks:
        name = Text(track_words(track))
        for use in track.uses:
            table.add_row(name, _name(use.file), clock(use.start_s, 1), clock(use.end_s, 1))
            name = Text("")
        table.add_section()
    return table


def _speech_words(sharing: Sharing) -> str | None:
    """What is shared and no music; None for nothing."""
    pairs = {frozenset((pair.first, pair.second)) for pair in sharing.speech}
    if not pairs:
        return None
    counted = "1 pair of files shares" if len(pairs) == 1 else f"{len(pairs)} pairs of files share"
    return f"{counted} speech, which is left out here"


def _name(path: str) -> Text:
    return Text(one_line(Path(path).name))


def _place(path: str, seconds: float) -> Text:
    return Text.assemble(_name(path), "\nat ", clock(seconds, 1))
