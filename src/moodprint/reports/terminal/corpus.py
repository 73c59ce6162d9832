"""Songs of a compilation and contents of a corpus, as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from moodprint.corpus.find_songs import Song
from moodprint.corpus.info import CorpusInfo
from moodprint.plain_text import one_line
from moodprint.reports.terminal.table import usual_console
from moodprint.reports.timeline_text import clock


def show_songs(songs: Sequence[Song], console: Console | None = None) -> None:
    """Print a row a song: its times and length, and titles where there are any."""
    titled = any(song.title for song in songs)
    table = Table("song", "start", "end", "length", *(["title"] if titled else []))
    for number, song in enumerate(songs, 1):
        seconds = (song.span.start_s, song.span.end_s, song.span.duration_s)
        title = [Text(one_line(song.title))] if titled else []
        table.add_row(str(number), *(clock(value, 3) for value in seconds), *title)
    (console or usual_console()).print(table)


def show_corpus(info: CorpusInfo, console: Console | None = None) -> None:
    """Print hours, songs and clips an emotion, then what was noticed."""
    console = console or usual_console()
    table = Table("emotion", "hours", "songs", "clips")
    for share in info.emotions:
        table.add_row(
            share.emotion or "-", f"{share.hours:.2f}", str(share.songs), str(share.clips)
        )
    table.add_section()
    table.add_row("all", f"{info.hours:.2f}", str(info.songs), str(info.clips))
    console.print(table)
    for line in _notes(info):
        console.print(Text(line), soft_wrap=True)


def _notes(info: CorpusInfo) -> Iterator[str]:
    yield (
        f"{info.sources} sources; {info.duplicates} duplicates in {info.duplicate_groups} groups; "
        f"{info.kept_clips} clips kept; {info.synthetic_clips} synthetic"
    )
    if info.checks:
        counts = ", ".join(f"{name} {count}" for name, count in info.checks.items())
        yield f"clips noticed: {counts}"
    for conflict in info.conflicts:
        yield f"the same song as {' and '.join(conflict.emotions)}:"
        for line in conflict.songs:
            yield f"  {one_line(line)}"
