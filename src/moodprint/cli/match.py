"""`moodprint match`: where else is this music used?"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.cli.exit_status import FAILED, print_error, tell_people
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

    from moodprint.engine import Progress
    from moodprint.fingerprint import QueryAnswer
    from moodprint.prediction import Failure
    from moodprint.recognition.sharing import Sharing

app = typer.Typer(
    name="match",
    help="Find where else the same music is used: index, query.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


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
        bool, typer.Option("--all-pairs", help="Tell which of the files share music.")
    ] = False,
    cut: Annotated[
        Path | None,
        typer.Option(help="With --all-pairs: a folder for the shared tracks as sound files."),
    ] = None,
    format: Annotated[
        QueryFormat | None,
        typer.Option(
            "--format",
            "-f",
            show_default=False,
            help="How to tell the result: table, json, or with --all-pairs html; "
            "by default what the suffix of --out says, else a table.",
        ),
    ] = None,
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
    index is needed: it tells which files share music, and not just a voice, as a table, JSON or a
    page in HTML. With an index its tracks join files, too, and give their names.

    \b
    Examples:
      moodprint match query video.mp4 --index known/
      moodprint match query videos/ song.mp3 --index known/ --format json
      moodprint match query videos/ --all-pairs --out sharing.html
      moodprint match query videos/ --all-pairs --index known/ --cut tracks/
    """
    from moodprint.fingerprint import query_files
    from moodprint.recognition.sharing import find_sharing

    format = QueryFormat.JSON if as_json else format or _format_of(out)
    decoding = DecodeOptions(track, longest)
    _check(index, all_pairs, format, out, cut)
    entries = named_files(paths)
    files = [entry for entry in entries if isinstance(entry, str)]
    claim = claimed(files=[out], folders=[cut], sources=files)
    with claim, progress_bar(quiet=quiet) as progress:
        if all_pairs:
            sharing = find_sharing(
                files, known=index, decoding=decoding, workers=workers, progress=progress
            )
            failures = [*_failures(entries), *sharing.failed]
            _print_warnings(sharing.warnings)
            result = _shared(sharing, files, failures, format, decoding)
            _write(result, out, "" if failures else "no two files share music")
            failures += _cut(sharing, cut, decoding, progress)
        else:
            found = query_files(
                files, str(index), decoding=decoding, workers=workers, progress=progress
            )
            answers = _in_order(entries, found)
            failures = [(each.query, each.error) for each in answers if each.error is not None]
            _print_warnings((each.query, text) for each in answers for text in each.warnings)
            _write(_matches(answers, format), out)
    if out is not None and not quiet:
        tell_people(f"wrote {out}")
    _end(failures)


def _format_of(out: Path | None) -> QueryFormat:
    """What a file is to hold by its name."""
    named = {".json": QueryFormat.JSON, ".html": QueryFormat.HTML, ".htm": QueryFormat.HTML}
    return QueryFormat.TABLE if out is None else named.get(out.suffix.lower(), QueryFormat.TABLE)


def _check(
    index: Path | None, all_pairs: bool, form: QueryFormat, out: Path | None, cut: Path | None
) -> None:
    """Refuse options that contradict each other, before the work begins."""
    if not all_pairs and index is None:
        raise OptionError("match query needs --index INDEX, or --all-pairs")
    if not all_pairs and cut is not None:
        raise OptionError("--cut is for what files share: it goes with --all-pairs")
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


def _shared(
    sharing: Sharing,
    files: Sequence[str],
    failures: Sequence[tuple[str, str]],
    form: QueryFormat,
    decoding: DecodeOptions,
) -> str | bytes | Table:
    sharing = replace(sharing, failed=tuple(failures))
    if form is QueryFormat.HTML:
        from moodprint.reports.html.shared_music import render_shared_music

        return render_shared_music(files, sharing, decoding=decoding)
    if form is QueryFormat.JSON:
        return json.dumps(sharing.to_dict(), indent=2)
    from moodprint.reports.terminal.matches import shared_music_table

    return shared_music_table(sharing)


def _cut(
    sharing: Sharing, folder: Path | None, decoding: DecodeOptions, progress: Progress
) -> list[tuple[str, str]]:
    """Write the tracks to a folder, where one is named; what could not be written."""
    from moodprint.reports.cuts import cut_tracks

    if folder is None or not sharing.tracks:
        return []
    made, failed = cut_tracks(sharing.tracks, folder, decoding=decoding, progress=progress)
    for path in made:
        print_error(f"wrote {path}")
    return failed


def _write(result: str | bytes | Table, out: Path | None, nothing: str = "") -> None:
    """Print a result, or write it to a file; of an empty table say that there is ``nothing``."""
    from moodprint.reports.terminal.table import usual_console

    if out is not None:
        write_output(out, _as_text(result))
    elif isinstance(result, (str, bytes)):
        typer.echo(result)
    elif result.row_count:
        usual_console().print(result)
    elif nothing:
        typer.echo(nothing)


def _as_text(result: str | bytes | Table) -> str | bytes:
    """What goes into a file: of a table a text with room for two long names side by side."""
    from rich.console import Console

    if isinstance(result, (str, bytes)):
        return result
    text = io.StringIO()
    Console(file=text, width=160).print(result)
    return text.getvalue()


def _print_warnings(warnings: Iterable[tuple[str, str]]) -> None:
    """Say what was odd about files that were decoded all the same."""
    for path, warning in warnings:
        print_error(f"{path}: {warning}")


def _end(failures: Sequence[tuple[str, str]]) -> None:
    """Say what failed, and exit."""
    for _, error in failures:
        print_error(error)
    raise typer.Exit(FAILED if failures else 0)
