"""`moodprint corpus`: from raw compilations to a clean corpus."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.cli.corpus_build import build
from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.options import (
    AsJson,
    Format,
    Longest,
    Quiet,
    TextFormat,
    Track,
    Workers,
    is_json,
)
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import named_reason

if TYPE_CHECKING:
    from moodprint.corpus.find_songs import Song

app = typer.Typer(
    name="corpus",
    help="From raw compilations to a clean corpus: collect, split, build, info, validate.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _corpus() -> None:
    """From raw compilations to a clean corpus."""


class SongFormat(StrEnum):
    """How the songs of a file are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Corpus = Annotated[Path, typer.Argument(help="A corpus folder.")]


@app.command()
def collect(
    sources: Annotated[Path, typer.Argument(help="A list of sources by emotion: SOURCES.yaml.")],
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="Where the recordings go: a folder."),
    ],
    tries: Annotated[int, typer.Option(min=1, help="How often a busy address is asked.")] = 5,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two items.")] = 1.0,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fetch recordings from the web, folders and Debian packages, each of them once.

    Run it again to go on after a stop, or to fetch what failed or is new. The list:

    \b
    happy:
      - https://example.org/a-playlist        # through yt-dlp
      - ~/Music/happy                         # a folder or a file
    calm:
      - package: wesnoth-1.16-music           # a Debian package
        path: /usr/share/games/wesnoth/1.16/data/core/music/sad.ogg
    tracks: tracks.csv                        # package,path,member,emotion

    \b
    Examples:
      moodprint corpus collect SOURCES.yaml --out recordings/
    """
    from moodprint.corpus.collect import collect_listed
    from moodprint.corpus.sources.web import RetryPolicy
    from moodprint.outputs import claimed

    with claimed(folders=[out], sources=[sources]), progress_bar(quiet=quiet) as progress:
        report = collect_listed(sources, out, RetryPolicy(tries, between_s=pause), progress)
    if is_json(format, as_json):
        typer.echo(json.dumps(asdict(report), indent=2))
    else:
        counts = f"{len(report.fetched)} fetched, {report.known} known"
        typer.echo(f"{counts}, {len(report.failures)} failed")
    for name, error in report.failures:
        print_error(named_reason(name, error))
    raise typer.Exit(FAILED if report.failures else 0)


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
    track: Track = None,
    longest: Longest = LONGEST_S,
    format: Annotated[
        SongFormat, typer.Option("--format", "-f", help="How to print the songs.")
    ] = SongFormat.TABLE,
    as_json: AsJson = False,
) -> None:
    """Cut a compilation into songs: prints the times at which each starts and ends.

    Without --top-db or --dbfs, the level of quiet is found from the file: between the noise
    floor of its pauses and its music.

    \b
    Examples:
      moodprint corpus split mix.mp3
      moodprint corpus split mix.mp3 --format json
      moodprint corpus split tape.flac --dbfs -45 --min-pause 1.5
    """
    from moodprint.audio.silence import QuietRule
    from moodprint.corpus.find_songs import SongRule, SplitFile
    from moodprint.engine import file_limits, run_one

    rule = SongRule(QuietRule(top_db, dbfs), min_pause, min_song, chapters)
    split_file = SplitFile(rule, DecodeOptions(track, longest))
    found = run_one(split_file, str(file), limits=file_limits())
    for warning in found.warnings:
        print_error(f"{file}: {warning}")
    _print_songs(found.songs, SongFormat.JSON if as_json else format)


app.command()(build)


@app.command()
def info(corpus: Corpus, format: Format = TextFormat.TABLE, as_json: AsJson = False) -> None:
    """Show hours, songs and clips an emotion, duplicates, and songs under two emotions.

    \b
    Examples:
      moodprint corpus info corpus/
      moodprint corpus info corpus/ --format json
    """
    from moodprint.corpus.info import info as corpus_info
    from moodprint.reports.terminal.corpus import show_corpus

    found = corpus_info(corpus)
    if is_json(format, as_json):
        typer.echo(json.dumps(asdict(found), indent=2))
    else:
        show_corpus(found)


@app.command()
def validate(
    corpus: Corpus,
    workers: Workers = None,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read every file that the manifest speaks of: which are missing, which are corrupt?

    \b
    Examples:
      moodprint corpus validate corpus/
      moodprint corpus validate corpus/ --format json
    """
    from moodprint.corpus.validate import validate as validated
    from moodprint.plain_text import one_line

    with progress_bar(quiet=quiet) as progress:
        problems = validated(corpus, workers=workers, progress=progress)
    if is_json(format, as_json):
        typer.echo(json.dumps([asdict(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            typer.echo(f"{problem.fault}: {one_line(problem.file)} ({problem.clips} clips)")
        typer.echo("all is well" if not problems else f"{len(problems)} files are not")
    raise typer.Exit(FAILED if problems else 0)


def _print_songs(songs: Iterable[Song], form: SongFormat) -> None:
    songs = list(songs)
    times = [(round(song.span.start_s, 3), round(song.span.end_s, 3)) for song in songs]
    if form is SongFormat.JSON:
        typer.echo(json.dumps([{"start_s": a, "end_s": b} for a, b in times], indent=2))
    elif form is SongFormat.CSV:
        typer.echo("\n".join(["start_s,end_s", *(f"{a},{b}" for a, b in times)]))
    else:
        from moodprint.reports.terminal.corpus import show_songs

        show_songs(songs)
