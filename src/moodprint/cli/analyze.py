"""`moodprint analyze`: the emotion of songs and videos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.exit_status import FAILED, print_error
from moodprint.cli.progress_bar import progress_bar
from moodprint.errors import OptionError

if TYPE_CHECKING:
    from moodprint.cli.destination import Destination
    from moodprint.prediction import Failure, Timeline


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
            help="table, json, csv, parquet, webvtt, srt, audacity, elan or jams. "
            "By default what the suffix of --output says, or a table.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file; a folder for one file each."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write a page to look at and listen to (HTML).")
    ] = None,
    segment: Annotated[float, typer.Option(help="Seconds that an answer is for.")] = 5.0,
    hop: Annotated[float, typer.Option(help="Seconds from one answer to the next.")] = 2.5,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Files at a time; one a core by default.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A shipped model or the path of a bundle.")
    ] = None,
    index: Annotated[
        Path | None, typer.Option(help="A match index: known tracks in the files are named.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: tempo, mode, loudness and other cues.")
    ] = False,
    adapt: Annotated[
        bool,
        typer.Option(
            "--adapt",
            help="Tell how each file stands among all of them: for a folder of many moods, of "
            "music unlike what the model knows.",
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip what --output, or a run cut short, has.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Tell the emotion of the music in songs and videos, moment by moment.

    \b
    moodprint analyze song.mp3
    moodprint analyze video.mp4 --explain --report video.html
    moodprint analyze music/ "more/**/*.ogg" -o moods.json --resume
    find . -name "*.opus" -print0 | moodprint analyze - -f csv -o moods.csv

    What cannot be analysed gets one line (in JSON an object with "error"), the rest goes on,
    and the exit status is 1.
    """
    from moodprint.bundle import DEFAULT, open_bundle
    from moodprint.cli.destination import Destination
    from moodprint.cli.inputs import named_files
    from moodprint.recognition.adaptation import adapted
    from moodprint.recognition.batch import analyze_many
    from moodprint.recognition.journal import Journal
    from moodprint.recognition.recogniser import calibration_of
    from moodprint.recognition.settings import AnalysisSettings
    from moodprint.reports.html import card_facts, write_report

    settings = AnalysisSettings(segment_s=segment, hop_s=hop)
    bundle = open_bundle(model or DEFAULT)
    destination = Destination.chosen(format_name, output)
    if resume and destination.journal is None:
        raise OptionError("--resume needs --output: a file or folder with the results so far")
    entries = named_files(paths)
    if adapt:
        _check_adapting(len(entries), explain, resume and bool(destination.answered()))
    destination.check([entry for entry in entries if isinstance(entry, str)], report)
    options = {"model": model, "segment_s": segment, "hop_s": hop, "index": index and str(index)}
    options |= {"explain": True} if explain else {}
    with Journal(destination.journal, options, resume=resume) as journal:
        known = destination.answered() | journal.answered if resume else {}
        todo = [entry for entry in entries if isinstance(entry, str) and entry not in known]
        answers = analyze_many(
            todo, bundle=model, settings=settings, workers=workers, index=index, explain=explain
        )
        fresh = {}
        with progress_bar(quiet=quiet) as progress:
            for answer in journal.kept(answers):
                fresh[answer.source] = answer
                progress("listen", len(fresh), len(todo))
        results = _in_order(entries, known | fresh)
        if adapt:
            results = adapted(results, calibration_of(bundle).abstain_below)
        destination.put(results)
        journal.finish()
    if report is not None:
        write_report(results, report, facts=card_facts(bundle.fields))
    _end(results, destination)


def _check_adapting(files: int, explain: bool, finished: bool) -> None:
    from moodprint.recognition.adaptation import FEWEST

    if explain:
        raise OptionError("--explain tells of answers as they are before --adapt: choose one")
    if finished:
        raise OptionError("--adapt weighs all files anew: leave out --resume, or name a new output")
    if files < FEWEST:
        raise OptionError(f"--adapt needs {FEWEST} files or more to weigh, not {files}")


def _in_order(
    entries: Sequence[str | Failure], answers: Mapping[str, Timeline | Failure]
) -> list[Timeline | Failure]:
    """The answers to the entries in their order, behind those that are known from before only."""
    named = [answers[entry] if isinstance(entry, str) else entry for entry in entries]
    sources = set(entries)
    before = [answer for source, answer in answers.items() if source not in sources]
    return [*before, *named]


def _end(results: Sequence[Timeline | Failure], destination: Destination) -> None:
    """Say what failed, where the table has not said it already, and exit."""
    from moodprint.prediction import Failure

    failures = [result for result in results if isinstance(result, Failure)]
    if not destination.is_table:
        for failure in failures:
            print_error(failure.error)
    raise typer.Exit(FAILED if failures else 0)
