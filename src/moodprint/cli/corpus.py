"""`moodprint corpus`: from raw compilations to a clean corpus."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.progress_bar import progress_bar

if TYPE_CHECKING:
    from moodprint.corpus.collect import CollectReport
    from moodprint.corpus.lookup import Service
    from moodprint.corpus.sources.web import RetryPolicy

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
def collect(
    sources: Annotated[Path, typer.Argument(help="A list of sources by emotion: SOURCES.yaml.")],
    out: Annotated[Path, typer.Option(help="Where the recordings go: a folder, new or not.")],
    tries: Annotated[int, typer.Option(min=1, help="How often a busy address is asked.")] = 5,
    pause: Annotated[float, typer.Option(min=0, help="Seconds between two items.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print what came as JSON.")] = False,
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
    moodprint corpus collect SOURCES.yaml --out recordings/
    """
    from moodprint.corpus.sources.web import RetryPolicy

    report = _collected(sources, out, RetryPolicy(tries, between_s=pause))
    if as_json:
        typer.echo(json.dumps(asdict(report), indent=2))
    else:
        counts = f"{len(report.fetched)} fetched, {report.known} known"
        typer.echo(f"{counts}, {len(report.failures)} failed")
    if report.failures:
        raise typer.Exit(1)


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
    from moodprint.cli.corpus_tables import print_songs
    from moodprint.corpus.find_songs import SplitRule, split_file

    rule = SplitRule(QuietRule(top_db, dbfs), min_pause, min_song, chapters)
    songs = split_file(file, rule)
    times = [(round(song.span.start_s, 3), round(song.span.end_s, 3)) for song in songs]
    if format is Format.JSON:
        typer.echo(json.dumps([{"start_s": a, "end_s": b} for a, b in times], indent=2))
    elif format is Format.CSV:
        typer.echo("\n".join(["start_s,end_s", *(f"{a},{b}" for a, b in times)]))
    else:
        print_songs(times, [song.title for song in songs])


class Keep(StrEnum):
    ALL = "all"
    BEST = "best"


@app.command()
def build(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder with one folder an emotion, what collect made, or its list."),
    ],
    out: Annotated[Path, typer.Option(help="The corpus: a folder, new or begun before.")],
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
        str, typer.Option(help="How duplicates are told, of landmarks,chroma,names.")
    ] = "landmarks,chroma,names",
    network: Annotated[
        bool, typer.Option("--network", help="Ask Shazam (and AcoustID, with a key) for names.")
    ] = False,
    acoustid_key: Annotated[
        str, typer.Option(envvar="MOODPRINT_ACOUSTID_KEY", help="Your key for AcoustID.")
    ] = "",
    keep: Annotated[Keep, typer.Option(help="Of duplicates: all, or the best copy.")] = Keep.ALL,
    workers: Annotated[int | None, typer.Option(help="Processes; one a core by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Make a corpus: split, trim, find duplicates, cut clips, write the manifest.

    A run that was cut off goes on where it was when started again. Nothing is ever deleted.

    \b
    moodprint corpus build music/ --out corpus/
    moodprint corpus build SOURCES.yaml --out corpus/
    moodprint corpus build music/ --out corpus/ --write flac --keep best
    moodprint corpus build music/ --out corpus/ --length 30 --hop 15 --remainder overlap
    """
    from moodprint.audio.encode import FORMATS
    from moodprint.audio.silence import QuietRule
    from moodprint.cli.corpus_tables import print_info
    from moodprint.corpus.build import BuildRule
    from moodprint.corpus.build import build as build_corpus
    from moodprint.corpus.duplicate_groups import Method
    from moodprint.corpus.find_songs import SplitRule
    from moodprint.corpus.info import info as tell
    from moodprint.corpus.segment import Remainder, SegmentRule
    from moodprint.corpus.sources.web import RetryPolicy

    rule = BuildRule(
        split=SplitRule(QuietRule(top_db, dbfs), min_pause, min_song, chapters),
        segment=SegmentRule(length, hop, Remainder(_known("remainder", remainder, Remainder))),
        methods=frozenset(
            Method(_known("method", name.strip(), Method)) for name in methods.split(",") if name
        ),
        services=_services(network, acoustid_key),
        keep_best=keep is Keep.BEST,
        write_as=None if write is None else _known("audio format", write, FORMATS),
        workers=workers,
    )
    if folder.suffix in (".yaml", ".yml"):
        _collected(folder, out / "sources", RetryPolicy())
        folder = out / "sources"
    with progress_bar() as progress:
        report = build_corpus(folder, out, rule, progress)
    for name, error in report.failures:
        typer.echo(f"left out: {name}: {error}", err=True)
    summary = tell(out)
    if as_json:
        content = {**asdict(report), "corpus": str(out), "info": asdict(summary)}
        typer.echo(json.dumps(content, indent=2))
    else:
        print_info(summary)
    if report.failures:
        raise typer.Exit(1)


@app.command()
def info(
    corpus: Annotated[Path, typer.Argument(help="A corpus folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Show hours, songs and clips an emotion, duplicates, and songs under two emotions.

    \b
    moodprint corpus info corpus/
    moodprint corpus info corpus/ --json
    """
    from moodprint.cli.corpus_tables import print_info
    from moodprint.corpus.info import info as tell

    summary = tell(corpus)
    if as_json:
        typer.echo(json.dumps(asdict(summary), indent=2))
    else:
        print_info(summary)


@app.command()
def validate(
    corpus: Annotated[Path, typer.Argument(help="A corpus folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Read every file that the manifest speaks of: which are missing, which are corrupt?

    \b
    moodprint corpus validate corpus/
    """
    from moodprint.corpus.validate import validate as check

    with progress_bar() as progress:
        problems = check(corpus, progress=progress)
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            typer.echo(f"{problem.fault.value}: {problem.file} ({problem.clips} clips)")
        typer.echo("all is well" if not problems else f"{len(problems)} files are not")
    if problems:
        raise typer.Exit(1)


def _collected(sources: Path, out: Path, patience: RetryPolicy) -> CollectReport:
    from moodprint.corpus.collect import PACKAGES
    from moodprint.corpus.collect import collect as fetch
    from moodprint.corpus.sources.debian import PackageStore
    from moodprint.corpus.sources.listing import read_sources

    listed = read_sources(sources, PackageStore(out / PACKAGES), patience)
    return fetch(listed, out, lambda name, fate: typer.echo(f"{name}: {fate}", err=True))


def _services(network: bool, acoustid_key: str) -> tuple[Service, ...]:
    if not network:
        return ()
    from moodprint.corpus.lookup import AcoustID, Shazam

    return (Shazam(), *([AcoustID(acoustid_key)] if acoustid_key else []))


def _known(kind: str, name: str, known: object) -> str:
    from moodprint.errors import unknown_name

    names = [str(one) for one in known]  # type: ignore[attr-defined]
    if name not in names:
        raise unknown_name(kind, name, names)
    return name
