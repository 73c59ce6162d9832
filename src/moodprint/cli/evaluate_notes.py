"""`moodprint evaluate notes`: how good a note generator is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, is_json
from moodprint.cli.progress_bar import progress_bar

if TYPE_CHECKING:
    from moodprint.generation.note_quality.note_scores import NoteScores

_COLUMNS = ("entropy", "IS", "Frechet", "NDB/K", "diversity", "nearest")


def evaluate_notes(
    generator: Annotated[
        str, typer.Argument(help="A generator's name or bundle, or a folder of prepared notes.")
    ],
    notes: Annotated[
        Path, typer.Option(help="Prepared notes that it was trained on, to score by.")
    ],
    apart: Annotated[
        Path | None, typer.Option(help="Prepared notes of other instruments, to compare with.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many notes a generator makes.", min=60)] = 366,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other instruments.")] = 0,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Score notes for pitch, variety and likeness to real ones, beside real notes and noise.

    A pitch classifier is fitted on the given notes; recipes.note_generator.prepare makes such
    folders. Frechet distance, NDB, diversity and the distance to the nearest note are of timbre.
    The scores of real notes say what can be had, those of noise what is nothing.

    \b
    Examples:
      moodprint evaluate notes band --notes prepared --apart held-out
      moodprint evaluate notes my-bundle --notes prepared --json
    """
    from moodprint.generation.note_quality.evaluate import evaluate_notes as evaluated

    as_json = is_json(text_format, as_json)
    with progress_bar(quiet=quiet or as_json) as progress:
        found = evaluated(generator, notes, apart, count=count, seed=seed, progress=progress)
    if as_json:
        typer.echo(json.dumps({name: asdict(one) for name, one in found.items()}, indent=2))
        return
    _print(found)
    typer.echo(f"{next(iter(found.values())).notes} notes each")


def _print(found: Mapping[str, NoteScores]) -> None:
    """A row for each, or where a terminal has no room for that a line for each number."""
    from moodprint.reports.terminal.table import usual_console

    head = f"{'':<24}{'accuracy of pitch':<22}" + "".join(f"{c:>10}" for c in _COLUMNS)
    if len(head) <= usual_console().width:
        typer.echo(head)
        for name, one in found.items():
            typer.echo(f"{name:<24}{one.pitch_accuracy!s:<22}" + _numbers(one))
        return
    for name, one in found.items():
        typer.echo(f"{name}\n  pitch     {one.pitch_accuracy}")
        for column, number in zip(_COLUMNS, _numbers(one).split(), strict=True):
            typer.echo(f"  {column:<10}{number}")


def _numbers(one: NoteScores) -> str:
    values = (
        one.pitch_entropy,
        one.inception,
        one.frechet,
        one.different_bins,
        one.diversity,
        one.nearest,
    )
    return "".join(f"{value:>10.3g}" for value in values)
