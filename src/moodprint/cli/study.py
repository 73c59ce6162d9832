"""`moodprint study`: compare features and models on your own folders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moodprint.cli.exit_status import print_error
from moodprint.cli.options import (
    AsJson,
    Cache,
    Format,
    Quiet,
    TextFormat,
    Workers,
    feature_cache,
    is_json,
)
from moodprint.cli.progress_bar import progress_bar
from moodprint.cli.study_ablation import ablation
from moodprint.errors import MissingFileError, OptionError
from moodprint.plain_text import named_reason, one_line

if TYPE_CHECKING:
    from moodprint.evaluation import LeaderboardRow
    from moodprint.study.run import Study

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("ablation")(ablation)

_SHOWN = 10
"""Rows of a stage that are printed; the files have all."""


_SAVED = {
    "report.html": "the page: who won, by how much, the mistakes to hear",
    "leaderboard.csv": "all scores, with intervals over groups",
    "comparisons.csv": "the winner beside each of the others: paired tests over groups",
    "predictions.csv": "what the finalists answered for each sample that they had not learned from",
    "model": "the winner, for moodprint analyze --model",
}


@app.callback()
def _study() -> None:
    """Compare feature sets and models on your own folders, honestly.

    Splits keep artists, songs and duplicates on one side; intervals are over groups.
    """


@app.command("init")
def init(
    folder: Annotated[
        Path, typer.Argument(help="Labelled music: a corpus, a CSV beside it, a folder a label.")
    ],
    out: Annotated[Path, typer.Option("--out", "--output", "-o", help="The plan to write.")] = Path(
        "study.yaml"
    ),
) -> None:
    """Look at a folder of labelled music, and write the plan of a study that fits it.

    It finds what is labelled how and what belongs together, says so, and leaves a YAML file to
    look through and change; for a folder a label also a CSV of labels beside it. What is there
    already is not overwritten.

    \b
    Examples:
      moodprint study init songs/
      moodprint study init songs/ --out mine.yaml
    """
    from moodprint.files import write_output
    from moodprint.outputs import claimed
    from moodprint.study.plan import plan_for

    if not folder.is_dir():
        raise MissingFileError(f"{folder}: is no folder; a folder of labelled music was expected")
    labels = out.with_name(f"{out.stem}-labels.csv")
    plan = plan_for(folder, out.parent)
    made = {out: plan.text(labels.name), **({labels: plan.table} if plan.table else {})}
    for path in made:
        if path.exists():
            raise OptionError(f"{path}: is there already; name another with --out")
    with claimed(files=list(made)):
        for path, text in made.items():
            write_output(path, text)
    typer.echo("\n".join(map(one_line, plan.seen)))
    typer.echo(f"\nwrote {' and '.join(one_line(path) for path in made)}; to run it:")
    typer.echo(f"  moodprint study run {one_line(out)} --out {one_line(out.stem)}")


@app.command("run")
def run(
    config: Annotated[Path, typer.Argument(help="The study: a YAML file (see configs/).")],
    out: Annotated[
        Path, typer.Option("--out", "--output", "-o", help="The folder for all that it makes.")
    ],
    workers: Workers = None,
    protocol: Annotated[
        str | None, typer.Option(help="holdout or leave-one-corpus-out, over what the file says.")
    ] = None,
    ungrouped: Annotated[
        bool, typer.Option(help="Show beside it what a split that tears groups would have claimed.")
    ] = False,
    cache: Cache = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a study, or what of it is not yet done.

    Stop it when you like: finished trials are not run again. Leaves leaderboard.csv, report.html,
    predictions.csv, comparisons.csv, study.json, the trials and the winner's bundle (model/).
    With --format json it prints the leaderboard.

    \b
    Examples:
      moodprint study run configs/debug.yaml --out debug
      moodprint analyze song.mp3 --model debug/model
      moodprint study run mine.yaml --out mine --ungrouped
      moodprint study run mine.yaml --out far --protocol leave-one-corpus-out
    """
    from moodprint.outputs import claimed
    from moodprint.reports.html.study import write_study_report
    from moodprint.study.comparison import comparisons, verdict
    from moodprint.study.config import load_config
    from moodprint.study.predictions import write_comparisons, write_predictions
    from moodprint.study.run import run_study
    from moodprint.study.winner import write_winner

    changes: dict[str, Any] = {"protocol": protocol} if protocol else {}
    study_config = load_config(config, **changes)
    with claimed(folders=[out], sources=[config]):
        with progress_bar(quiet=quiet) as progress:
            study = run_study(
                study_config,
                out,
                cache=feature_cache(cache),
                workers=workers,
                ungrouped=ungrouped,
                progress=progress,
            )
        compared = comparisons(study)
        write_predictions(study, out / "predictions.csv")
        write_comparisons(compared, out / "comparisons.csv")
        write_study_report(study, out / "report.html")
        write_winner(study, out / "model")
    _print_what_is_missing(study)
    if is_json(text_format, as_json):
        typer.echo(json.dumps([asdict(row) for row in study.rows], indent=2))
    else:
        _print_leaderboard(study.rows)
        typer.echo(f"\n{one_line(verdict(study, compared))}\n")
        for name, what in _SAVED.items():
            typer.echo(f"  {one_line(out / name)}  {what}")


def _print_what_is_missing(study: Study) -> None:
    from moodprint.dataset.labels import left_out_text

    if study.left_out:
        print_error(left_out_text(study.left_out, study.config.labels))
    for what, why in study.skipped.items():
        print_error(f"skipped {what}: {why}")
    for path, why in study.extracted.problems.items():
        print_error(f"left out: {named_reason(str(path), why)}")


def _print_leaderboard(ranked: Sequence[LeaderboardRow]) -> None:
    from moodprint.reports.terminal.table import usual_console

    width = usual_console().width
    for stage in dict.fromkeys(row.stage for row in ranked):
        rows = [row for row in ranked if row.stage == stage]
        title = one_line(_title(stage))
        typer.echo(f"\n{title} ({rows[0].samples} clips, {rows[0].groups} groups)")
        for row in rows[:_SHOWN]:
            typer.echo(_line(row, width))


def _line(row: LeaderboardRow, width: int) -> str:
    """A row on one line, or on two where a terminal has no room for it."""
    within = f"UAR {row.uar:.3f} [{row.uar_low:.3f}, {row.uar_high:.3f}]"
    line = f"  {row.features:<24} {row.model:<18} {within}  macro F1 {row.macro_f1:.3f}"
    if len(line) <= width:
        return line
    return f"  {row.features}, {row.model}\n    {within} F1 {row.macro_f1:.3f}"


def _title(stage: str) -> str:
    from moodprint.study.leaderboard import stage_title

    remarks = {
        "cv": ": chooses",
        "holdout": ": tested once",
        "ungrouped": " (UNGROUPED): no score, only what such a split would claim",
    }
    return stage_title(stage) + remarks.get(stage, "")
