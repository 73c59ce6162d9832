"""`moodprint analyze`: the emotion of songs and videos."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.options import AsJson, Longest, Quiet, Track, Workers
from moodprint.cli.progress_bar import progress_bar
from moodprint.errors import OptionError
from moodprint.reports.exports import FORMATS

if TYPE_CHECKING:
    from moodprint.cli.destination import Destination
    from moodprint.engine import Progress
    from moodprint.prediction import Answer
    from moodprint.recognition.run import AnalysisRequest
    from moodprint.recognition.sharing import Sharing


def analyze(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files, folders, quoted patterns; - reads names from stdin."
        ),
    ],
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help=f"table, {', '.join(FORMATS)}. "
            "By default what the suffix of --out says, or a table.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "--output", "-o", help="A file; a folder for one file each."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write a page to look at and listen to (HTML).")
    ] = None,
    sharing: Annotated[
        bool,
        typer.Option("--sharing", help="Tell in the report who shares music; takes longer."),
    ] = False,
    segment: Annotated[float, typer.Option(help="Seconds that an answer is for.")] = 5.0,
    hop: Annotated[float, typer.Option(help="Seconds from one answer to the next.")] = 2.5,
    track: Track = None,
    longest: Longest = LONGEST_S,
    workers: Workers = None,
    model: Annotated[
        str | None, typer.Option(help="A shipped model or the path of a bundle.")
    ] = None,
    index: Annotated[
        str | None, typer.Option(help="A match index: known tracks in the files are named.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: tempo, mode, loudness and other cues.")
    ] = False,
    among: Annotated[
        str, typer.Option(metavar="EMOTIONS", help="Only these can occur: happy,sad,calm.")
    ] = "",
    answer_above: Annotated[
        float | None,
        typer.Option(metavar="P", help="Unsure below this confidence; default: the model's."),
    ] = None,
    adapt: Annotated[
        bool,
        typer.Option(
            "--adapt",
            help="Tell how each file stands among all of them: for a folder of many moods, of "
            "music unlike what the model knows.",
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip what --out, or a run cut short, has.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Recognise the emotion of the music in songs and videos, moment by moment.

    What cannot be analysed gets one line (in JSON an object with "error"), the rest goes on,
    and the exit status is 1.

    \b
    Examples:
      moodprint analyze song.mp3
      moodprint analyze video.mp4 --explain --report video.html
      moodprint analyze trailers/ --among happy,sad,fear --answer-above 0.5
      moodprint analyze music/ "more/**/*.ogg" --out moods.json --resume
      find . -name "*.opus" -print0 | moodprint analyze - --format csv --out moods.csv
    """
    from moodprint.bundle import DEFAULT
    from moodprint.cli.destination import Destination
    from moodprint.cli.inputs import named_files
    from moodprint.recognition.run import AnalysisRequest, analyze_files
    from moodprint.recognition.settings import AnalysisSettings, named_emotions

    destination = Destination.chosen("json" if as_json else format_name, out)
    if resume and destination.journal is None:
        raise OptionError("--resume needs --out: a file or folder with the results so far")
    if sharing and report is None:
        raise OptionError("--sharing is told in the report: it goes with --report FILE")
    request = AnalysisRequest(
        entries=tuple(named_files(paths)),
        settings=AnalysisSettings(
            segment_s=segment,
            hop_s=hop,
            answer_above=answer_above,
            among=named_emotions(among),
        ),
        model=model or DEFAULT,
        index=index,
        explain=explain,
        adapt=adapt and _wanted_here(quiet=quiet),
        decoding=DecodeOptions(track, longest),
        workers=workers,
        journal=destination.journal,
        resume=resume,
    )
    notes: list[str] = []
    with destination.claimed(request.files, report):
        if resume:
            request = replace(request, known=destination.answered())
        with progress_bar(quiet=quiet) as progress:
            answers = analyze_files(
                request, deliver=destination.save, too_few=notes.append, progress=progress
            )
            shared = _sharing(request, progress) if sharing else None
        if report is not None:
            _write_report(answers, report, request, shared)
    destination.show(answers, quiet=quiet)
    for note in notes:
        print_error(f"not adapted, told as they were heard: {note}")
    _end(answers, destination, failed=bool(notes))


def _wanted_here(*, quiet: bool) -> bool:
    """Ask whoever sits at a terminal whether answers are to be adapted; elsewhere they are."""
    if quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return typer.confirm(
        "--adapt tells how each file stands among all: right for a folder of many moods, wrong "
        "for one of one or two. Adapt? (No: told as they are heard)",
        default=True,
        err=True,
    )


def _sharing(request: AnalysisRequest, progress: Progress) -> Sharing:
    from moodprint.recognition.sharing import find_sharing

    return find_sharing(
        request.files,
        known=request.index,
        decoding=request.decoding,
        workers=request.workers,
        progress=progress,
    )


def _write_report(
    answers: Sequence[Answer], report: Path, request: AnalysisRequest, sharing: Sharing | None
) -> None:
    from moodprint.bundle import open_bundle
    from moodprint.reports.html import summarise_card, write_report

    write_report(
        answers,
        report,
        decoding=request.decoding,
        sharing=sharing,
        card_summary=summarise_card(open_bundle(request.model).fields),
    )


def _end(answers: Sequence[Answer], destination: Destination, *, failed: bool = False) -> None:
    """Say what failed, where the table has not said it already, and exit."""
    from moodprint.prediction import Failure

    failures = [answer for answer in answers if isinstance(answer, Failure)]
    if not destination.is_table:
        for failure in failures:
            print_error(failure.error)
    raise typer.Exit(FAILED if failures or failed else 0)
