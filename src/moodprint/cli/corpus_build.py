"""`moodprint corpus build`: a corpus from recordings, or from a list of where they are."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import named_reason

if TYPE_CHECKING:
    from moodprint.corpus.report import BuildReport


class Keep(StrEnum):
    """Which copies of a song that is there twice are kept."""

    ALL = "all"
    BEST = "best"


def build(
    source: Annotated[
        Path,
        typer.Argument(help="A folder with one folder an emotion, what collect made, or its list."),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "--output", "-o", help="The corpus: a folder, new or begun before."),
    ],
    top_db: Annotated[float | None, typer.Option(help="As in split.")] = None,
    dbfs: Annotated[float | None, typer.Option(help="As in split.")] = None,
    min_pause: Annotated[float, typer.Option(help="As in split.")] = 1.0,
    min_song: Annotated[float, typer.Option(help="As in split.")] = 2.0,
    chapters: Annotated[bool, typer.Option(help="As in split.")] = True,
    length: Annotated[float, typer.Option(help="Seconds of a clip.")] = 5.0,
    hop: Annotated[float | None, typer.Option(help="Seconds between starts of clips.")] = None,
    remainder: Annotated[
        str, typer.Option(help="A song's last seconds: drop, keep or overlap.")
    ] = "drop",
    write: Annotated[
        str | None, typer.Option(help="Write clips as flac, wav, ogg, opus or mp3.")
    ] = None,
    methods: Annotated[
        str, typer.Option(help="How duplicates are found, of landmarks,chroma,names.")
    ] = "landmarks,chroma,names",
    network: Annotated[
        bool, typer.Option("--network", help="Ask Shazam (and AcoustID, with a key) for names.")
    ] = False,
    acoustid_key: Annotated[
        str, typer.Option(envvar="MOODPRINT_ACOUSTID_KEY", help="Your key for AcoustID.")
    ] = "",
    keep: Annotated[Keep, typer.Option(help="Of duplicates: all, or the best copy.")] = Keep.ALL,
    workers: Workers = None,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a corpus: split, trim, find duplicates, cut clips, write the manifest.

    A run that was cut off goes on where it was when started again. Nothing of yours is deleted.

    \b
    Examples:
      moodprint corpus build music/ --out corpus/
      moodprint corpus build SOURCES.yaml --out corpus/
      moodprint corpus build music/ --out corpus/ --write flac --keep best
      moodprint corpus build music/ --out corpus/ --length 30 --hop 15 --remainder overlap
    """
    from moodprint.audio.silence import QuietRule
    from moodprint.corpus.build import BuildSettings
    from moodprint.corpus.build import build as build_corpus
    from moodprint.corpus.clips import ClipRule, Remainder
    from moodprint.corpus.duplicate_groups import Method
    from moodprint.corpus.find_songs import SongRule
    from moodprint.corpus.lookup import services
    from moodprint.outputs import claimed

    settings = BuildSettings(
        songs=SongRule(QuietRule(top_db, dbfs), min_pause, min_song, chapters),
        clips=ClipRule(length, hop, Remainder.named(remainder)),
        methods=Method.listed(methods),
        services=services(network, acoustid_key),
        keep_best=keep is Keep.BEST,
        write_as=write,
        workers=workers,
    )
    with claimed(folders=[out], sources=[source]), progress_bar(quiet=quiet) as progress:
        report = build_corpus(source, out, settings, progress=progress)
    _print(report, is_json(format, as_json))
    raise typer.Exit(FAILED if report.failures else 0)


def _print(report: BuildReport, as_json: bool) -> None:
    """What was made on stdout, and what was left out on stderr."""
    from moodprint.corpus.info import info
    from moodprint.reports.terminal.corpus import show_corpus

    for name, error in report.failures:
        print_error(f"left out: {named_reason(name, error)}")
    found = info(report.corpus)
    if as_json:
        fields = {**asdict(report), "corpus": str(report.corpus), "info": asdict(found)}
        typer.echo(json.dumps(fields, indent=2))
    else:
        show_corpus(found)
