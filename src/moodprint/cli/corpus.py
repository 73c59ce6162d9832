"""`moodprint corpus`: from raw compilations to a clean corpus."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(
    name="corpus",
    help="From raw compilations to a clean corpus: collect, split, build, info, validate.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _corpus() -> None:
    """From raw compilations to a clean corpus."""


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@app.command()
def split(
    file: Annotated[Path, typer.Argument(help="A compilation: any audio or video.")],
    top_db: Annotated[
        float | None, typer.Option(help="Quiet is so many dB below the loudest; 40 is common.")
    ] = None,
    dbfs: Annotated[
        float | None, typer.Option(help="Quiet is at or below this level, such as -50.")
    ] = None,
    min_pause: Annotated[float, typer.Option(help="Seconds of quiet that end a song.")] = 1.0,
    min_song: Annotated[
        float, typer.Option(help="A part of fewer seconds is joined to a neighbour.")
    ] = 2.0,
    chapters: Annotated[bool, typer.Option(help="Believe chapter marks, where there are.")] = True,
    format: Annotated[Format, typer.Option(help="How to print the songs.")] = Format.TABLE,
) -> None:
    """Cut a compilation into songs: prints the times at which each starts and ends.

    Without --top-db or --dbfs, the level of quiet is found from the file: between the noise
    floor of its pauses and its music.

    \b
    moodprint corpus split mix.mp3
    moodprint corpus split mix.mp3 --format json
    moodprint corpus split tape.flac --dbfs -45 --min-pause 1.5
    """
    from moodprint.audio.silence import QuietRule
    from moodprint.corpus.split import SplitRule, split_file

    rule = SplitRule(QuietRule(top_db, dbfs), min_pause, min_song, chapters)
    songs = split_file(file, rule)
    times = [(round(song.span.start_s, 3), round(song.span.end_s, 3)) for song in songs]
    if format is Format.JSON:
        typer.echo(json.dumps([{"start_s": a, "end_s": b} for a, b in times], indent=2))
    elif format is Format.CSV:
        typer.echo("\n".join(["start_s,end_s", *(f"{a},{b}" for a, b in times)]))
    else:
        _print_songs(times, [song.title for song in songs])


def _print_songs(times: list[tuple[float, float]], titles: list[str]) -> None:
    table = Table("song", "start", "end", "length", *(["title"] if any(titles) else []))
    for number, ((start_s, end_s), title) in enumerate(zip(times, titles, strict=True), 1):
        cells = [str(number), _clock(start_s), _clock(end_s), _clock(end_s - start_s)]
        table.add_row(*cells, *([title] if any(titles) else []))
    Console().print(table)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60)}:{int(minutes % 60):02}:{rest:06.3f}"
