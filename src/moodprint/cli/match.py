"""`moodprint match`: where else is this music used?"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.inputs import named_files
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
from moodprint.errors import OptionError
from moodprint.files import write_output
from moodprint.outputs import claimed

if TYPE_CHECKING:
    from rich.table import Table

    from moodprint.fingerprint import QueryAnswer, SharedMusic
    from moodprint.prediction import Failure

app = typer.Typer(
    name="match",
    help="Find where else the same music is used: index, query.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_FILE_COLUMNS = 160
"""The width of a table in a file: room for two long names side by side."""


@app.callback()
def _match() -> None:
    """Find where else the same music is used."""


class QueryFormat(StrEnum):
    """How matches are told."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH", help="Files, folders, quoted patterns; - reads names from stdin."
    ),
]


@app.command("index")
def add(
    paths: Paths,
    index: Annotated[Path, typer.Option(help="The index's folder; made where it is not there.")],
    track: Track = None,
    longest: Longest = LONGEST_S,
    workers: Workers = None,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Add files to an index, so that `match query` knows them.

    Each file is kept as soon as it is read: stop and run again as you like. Files that the index
    knows, by content, are skipped.

    \b
    Examples:
      moodprint match index songs/ --index known/
      moodprint match index "archive/**/*.mp3" more.flac --index known/ --format json
    """
    from moodprint.fingerprint import MatchIndex

    entries = named_files(paths)
    files = [entry for entry in entries if isinstance(entry, str)]
    decoding = DecodeOptions(track, longest)
    known = MatchIndex.open_or_create(index)
    with progress_bar(quiet=quiet) as progress:
        report = known.add(files, decoding=decoding, workers=workers, progress=progress)
    failures = [*_failures(entries), *report.failed]
    _print_warnings(report.warnings)
    tracks = len(known.tracks)
    if is_json(format, as_json):
        failed = [{"path": path, "error": error} for path, error in failures]
        fields = {"added": report.added, "known": report.known, "failed": failed}
        typer.echo(json.dumps({**fields, "tracks": tracks}, indent=2))
    else:
        counts = f"{len(report.added)} added, {len(report.known)} known already"
        typer.echo(f"{counts}, {len(failures)} failed; {tracks} tracks in {index}")
    _end(failures)


@app.command()
def query(
    paths: Paths,
    index: Annotated[Path | None, typer.Option(help="The index to search.")] = None,
    all_pairs: Annotated[
        bool, typer.Option("--all-pairs", help="Compare the files with each other instead.")
    ] = False,
    format: Annotated[
        QueryFormat,
        typer.Option("--format", "-f", help="How to print the result; html with --all-pairs."),
    ] = QueryFormat.TABLE,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option("--out", "--output", "-o", help="Write to this file.")
    ] = None,
    track: Track = None,
    longest: Longest = LONGEST_S,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Tell which known tracks files hold: where, how fast, and how sure.

    The score is the evidence in decades; what is not credible is left out. With --all-pairs no
    index is needed: it tells which files share music, as a table, JSON or a graph in HTML.

    \b
    Examples:
      moodprint match query video.mp4 --index known/
      moodprint match query videos/ song.mp3 --index known/ --format json
      moodprint match query videos/ --all-pairs --format html --out sharing.html
    """
    from moodprint.fingerprint import compare_files, query_files

    format = QueryFormat.JSON if as_json else format
    decoding = DecodeOptions(track, longest)
    _check(index, all_pairs, format, out)
    entries = named_files(paths)
    files = [entry for entry in entries if isinstance(entry, str)]
    with claimed(files=[out], sources=files), progress_bar(quiet=quiet) as progress:
        if all_pairs:
            compared = compare_files(files, decoding=decoding, workers=workers, progress=progress)
            failures = [*_failures(entries), *compared.failed]
            _print_warnings(compared.warnings)
            _write(_pairs(compared.shared, files, failures, format), out)
        else:
            found = query_files(
                files, str(index), decoding=decoding, workers=workers, progress=progress
            )
            answers = _in_order(entries, found)
            failures = [(each.query, each.error) for each in answers if each.error is not None]
            _print_warnings((each.query, text) for each in answers for text in each.warnings)
            _write(_matches(answers, format), out)
    _end(failures)


def _check(index: Path | None, all_pairs: bool, form: QueryFormat, out: Path | None) -> None:
    """Refuse options that contradict each other, before the work begins."""
    if not all_pairs and index is None:
        raise OptionError("match query needs --index INDEX, or --all-pairs")
    if all_pairs and index is not None:
        raise OptionError("--all-pairs compares the files with each other: leave out --index")
    if form is QueryFormat.HTML and not all_pairs:
        raise OptionError("match query writes html with --all-pairs only")
    if form is QueryFormat.HTML and out is None:
        raise OptionError("--format html needs --out FILE")


def _failures(entries: Sequence[str | Failure]) -> list[tuple[str, str]]:
    """The words of the command line that name no file, each with the reason."""
    return [(entry.source, entry.error) for entry in entries if not isinstance(entry, str)]


def _in_order(
    entries: Sequence[str | Failure], answers: Iterator[QueryAnswer]
) -> list[QueryAnswer]:
    """The answers to the files, with the words that name none at their places."""
    from moodprint.fingerprint import QueryAnswer

    return [
        next(answers) if isinstance(entry, str) else QueryAnswer(entry.source, error=entry.error)
        for entry in entries
    ]


def _matches(answers: Sequence[QueryAnswer], form: QueryFormat) -> str | Table:
    if form is QueryFormat.JSON:
        return json.dumps([answer.to_dict() for answer in answers], indent=2)
    from moodprint.reports.terminal.matches import matches_table

    return matches_table(answers)


def _pairs(
    shared: Sequence[SharedMusic],
    files: Sequence[str],
    failures: Sequence[tuple[str, str]],
    form: QueryFormat,
) -> str | bytes | Table:
    from moodprint.fingerprint import groups_of

    if form is QueryFormat.HTML:
        from moodprint.reports.html.shared_music import render_shared_music

        return render_shared_music(files, shared)
    if form is QueryFormat.JSON:
        fields: dict[str, Any] = {
            "groups": [group.files for group in groups_of(shared)],
            "pairs": [pair.to_dict() for pair in shared],
            "failed": [{"path": path, "error": error} for path, error in failures],
        }
        return json.dumps(fields, indent=2)
    from moodprint.reports.terminal.matches import shared_music_table

    return shared_music_table(shared)


def _write(result: str | bytes | Table, out: Path | None) -> None:
    """Print a result, or write it to a file."""
    from rich.console import Console

    from moodprint.reports.terminal.table import usual_console

    if isinstance(result, (str, bytes)):
        typer.echo(result) if out is None else write_output(out, result)
    elif out is None:
        if result.row_count:
            usual_console().print(result)
    else:
        text = io.StringIO()
        Console(file=text, width=_FILE_COLUMNS).print(result)
        write_output(out, text.getvalue())


def _print_warnings(warnings: Iterable[tuple[str, str]]) -> None:
    """Say what was odd about files that were decoded all the same."""
    for path, warning in warnings:
        print_error(f"{path}: {warning}")


def _end(failures: Sequence[tuple[str, str]]) -> None:
    """Say what failed, and exit."""
    for _, error in failures:
        print_error(error)
    raise typer.Exit(FAILED if failures else 0)
