"""`moodprint match`: where else is this music used?"""

from __future__ import annotations

import io
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from moodprint.cli.progress_bar import progress_bar
from moodprint.errors import MissingFileError, NoMediaFoundError, OptionError
from moodprint.files import write_output
from moodprint.outputs import refuse_collisions
from moodprint.reports.timeline_text import clock

if TYPE_CHECKING:
    from moodprint.fingerprint import SharedMusic

app = typer.Typer(
    name="match",
    help="Find where else the same music is used: index, query.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _match() -> None:
    """Find where else the same music is used."""


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    HTML = "html"


Source = Annotated[Path, typer.Argument(help="An audio or video file, or a folder of them.")]


@app.command("index")
def add(
    source: Source,
    index: Annotated[Path, typer.Option(help="The index's folder; made where it is not there.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Add files to an index, so that `match query` knows them.

    Each file is kept as soon as it is heard: stop and run again as you like. Files that the index
    knows, by content, are skipped.

    \b
    moodprint match index songs/ --index known/
    """
    from moodprint.fingerprint import MatchIndex

    files = _files(source)
    known = MatchIndex.open_or_create(index)
    with progress_bar() as progress:
        report = known.add(files, progress=progress)
    for _, error in report.failed:
        typer.echo(f"moodprint: {error}", err=True)
    if as_json:
        _print_json(
            {
                "added": report.added,
                "known": report.known,
                "failed": [{"path": path, "error": error} for path, error in report.failed],
                "tracks": len(known.tracks),
            }
        )
    else:
        counts = f"{len(report.added)} added, {len(report.known)} known already"
        typer.echo(f"{counts}, {len(report.failed)} failed; {len(known.tracks)} tracks in {index}")
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def query(
    source: Source,
    index: Annotated[Path | None, typer.Option(help="The index to search.")] = None,
    all_pairs: Annotated[
        bool, typer.Option("--all-pairs", help="Compare the files with each other instead.")
    ] = False,
    format: Annotated[Format, typer.Option(help="How to tell; html with --all-pairs.")] = (
        Format.TABLE
    ),
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
) -> None:
    """Tell which known tracks files hold: where, how fast, and how sure.

    The score is the evidence in decades; only credible matches are told. With --all-pairs no
    index is needed: it tells which files share music, as a table, JSON or a graph in HTML.

    \b
    moodprint match query video.mp4 --index known/
    moodprint match query videos/ --index known/ --format json
    moodprint match query videos/ --all-pairs --format html --output sharing.html
    """
    files = _files(source)
    refuse_collisions([output], files)
    if all_pairs:
        _tell_pairs(files, format, output)
        return
    if index is None:
        raise OptionError("match query needs --index INDEX, or --all-pairs")
    if format is Format.HTML:
        raise OptionError("match query writes html with --all-pairs only")
    from moodprint.fingerprint import MatchIndex, query_files

    MatchIndex.open(index)
    with progress_bar() as progress:
        found = list(query_files(files, index, progress=progress))
    for answer in found:
        if answer.error is not None:
            typer.echo(f"moodprint: {answer.error}", err=True)
    answers = [answer.to_dict() for answer in found]
    _tell(json.dumps(answers, indent=2) if format is Format.JSON else _matches(answers), output)
    raise typer.Exit(1 if any("error" in answer for answer in answers) else 0)


def _tell_pairs(files: list[Path], format: Format, output: Path | None) -> None:
    from moodprint.fingerprint import groups_of, shared_music

    with progress_bar() as progress:
        shared = shared_music(files, progress=progress)
    if format is Format.HTML:
        from moodprint.reports.html.shared_music import write_sharing

        if output is None:
            raise OptionError("--format html needs --output FILE")
        write_sharing([str(file) for file in files], shared, output)
        return
    groups = [group.files for group in groups_of(shared)]
    pairs = [pair.to_dict() for pair in shared]
    rows = {"groups": groups, "pairs": pairs}
    _tell(json.dumps(rows, indent=2) if format is Format.JSON else _pairs(shared), output)


def _files(source: Path) -> list[Path]:
    """The file itself, or all media of a folder."""
    from moodprint.audio.media import find_media

    if not source.exists():
        raise MissingFileError(f"{source}: does not exist")
    if not source.is_dir():
        return [source]
    files = find_media(source)
    if not files:
        raise NoMediaFoundError(f"{source}: holds no audio or video")
    return files


def _matches(answers: list[dict[str, Any]]) -> Table:
    table = Table("query", "track", "speed", "score", box=SIMPLE)
    for answer in answers:
        query = Path(answer["query"]).name
        if not answer["matches"]:
            table.add_row(escape(query), "-", "", "")
        for match in answer["matches"]:
            table.add_row(
                _place(query, match["query_offset_s"]),
                _place(Path(match["track"]).name, match["track_offset_s"]),
                f"{match['speed']:.3f}",
                f"{match['score']:.0f}",
            )
    return table


def _pairs(shared: tuple[SharedMusic, ...]) -> Table:
    table = Table("file", "shares with", "seconds", "speed", "semitones", "score", box=SIMPLE)
    for pair in shared:
        table.add_row(
            _place(Path(pair.first).name, pair.first_offset_s),
            _place(Path(pair.second).name, pair.second_offset_s),
            f"{pair.duration_s:.1f}",
            f"{pair.speed:.3f}",
            f"{pair.pitch_semitones:+.2f}",
            f"{pair.score:.0f}",
        )
    return table


def _place(name: str, seconds: float) -> str:
    return f"{escape(name)}\nat {clock(seconds, 1)}"


def _tell(what: str | Table, output: Path | None) -> None:
    if output is None:
        Console().print(what) if isinstance(what, Table) else typer.echo(what)
        return
    if isinstance(what, Table):
        text = io.StringIO()
        Console(file=text, width=160).print(what)
        what = text.getvalue()
    write_output(output, what)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2))
