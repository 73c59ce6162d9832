"""`moodprint evaluate generated`: how near made music lies to real music."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moodprint.cli.exit_status import print_error
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, Workers, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import named_reason


def evaluate_generated(
    made: Annotated[Path, typer.Argument(help="A folder of made music.")],
    real: Annotated[Path, typer.Option(help="A folder of real music, to compare with.")],
    seconds: Annotated[float, typer.Option(min=1, help="Of the middle of each file.")] = 10.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other halves.")] = 1,
    workers: Workers = None,
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure how near made music lies to real music, by two networks.

    Kernel distance (KAD) and Frechet distance (FAD) from one half of the real music, and diversity
    beside it, of the made music; for comparison of the other half, of the same in small pieces in
    another order, and of noise.

    \b
    Examples:
      moodprint evaluate generated made --real songs
      moodprint evaluate generated made/audio --real songs --seconds 20 --json
    """
    from moodprint.synthetic.likeness import likeness

    as_json = is_json(text_format, as_json)
    with progress_bar(quiet=quiet or as_json) as progress:
        found = likeness(made, real, seconds=seconds, seed=seed, workers=workers, progress=progress)
    for path, reason in found.left_out.items():
        print_error(named_reason(path, reason))
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
        return
    typer.echo(f"{'':<20}{'kernel distance':<28}{'Frechet':>10}{'diversity':>12}")
    for network, sets in found.scores.items():
        for name, one in sets.items():
            head = f"{network}, {name}"
            typer.echo(f"{head:<20}{one.kernel!s:<28}{one.frechet:>10.2f}{one.diversity:>12.2f}")
    files = next(iter(next(iter(found.scores.values())).values())).files
    typer.echo(f"{files} sounds each, {found.seconds:g} s of each")
