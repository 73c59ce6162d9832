"""`moodprint features`: describe sounds by named numbers."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Annotated

import typer

from moodprint.cli.progress_bar import progress_bar
from moodprint.errors import MissingExtraError, MissingWeightsError

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _features() -> None:
    """Describe sounds by named numbers: a row a file."""


@app.command("list")
def list_sets(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Name the feature sets, what binds you, and whether they can be used here."""
    from moodprint.features.registry import FEATURE_SETS, feature_set

    rows = []
    for name in FEATURE_SETS:
        made, missing = feature_set(name), ""
        try:
            made.check()
        except (MissingExtraError, MissingWeightsError) as error:
            missing = str(error)
        rows.append({"set": name, "licence": made.licence, "missing": missing})
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['set']:<10} {row['licence']:<46} {row['missing'] or 'ready'}")


@app.command("extract")
def extract(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders of media files, or corpora.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A .csv or .parquet file.")],
    features: Annotated[str, typer.Option(help="Sets, joined by +.")] = "acoustic",
    workers: Annotated[int, typer.Option(help="Processes; 0 is one a core.", min=0)] = 0,
    cache: Annotated[
        Path | None, typer.Option(help="Where features are kept; default: your cache folder.")
    ] = None,
) -> None:
    """Write the features of files as a table; a file that cannot be read is told and left out.

    Of a corpus each clip that is kept gives a row, with its id and its times in the file.

    Examples:

      moodprint features extract songs/ --output songs.parquet

      moodprint features extract corpus/ --output clips.parquet

      moodprint features extract a.mp3 b.mp4 --features acoustic+egemaps -o table.csv
    """
    import numpy as np
    import polars as pl

    from moodprint.dataset.sounds import find_sounds, sound_columns
    from moodprint.engine import available_cores
    from moodprint.errors import OptionError
    from moodprint.features.cache import FeatureCache, default_folder
    from moodprint.features.extraction import feature_matrix
    from moodprint.features.registry import feature_sets
    from moodprint.files import write_output

    if output.suffix not in {".csv", ".parquet"}:
        raise OptionError(f"--output takes a .csv or .parquet file, not {output.name}")
    sounds = find_sounds(paths)
    with progress_bar() as progress:
        matrix = feature_matrix(
            feature_sets(features),
            [sound.excerpt for sound in sounds],
            cache=FeatureCache(cache or default_folder()),
            workers=workers or available_cores(),
            progress=progress,
        )
    kept = np.flatnonzero(matrix.usable)
    names = sound_columns([sounds[row] for row in kept])
    values = pl.DataFrame(matrix.values[kept], schema=list(matrix.columns))
    table = pl.concat([pl.DataFrame(names), values], how="horizontal")
    written = io.BytesIO()
    table.write_csv(written) if output.suffix == ".csv" else table.write_parquet(written)
    write_output(output, written.getvalue())
    for path, why in matrix.problems.items():
        typer.echo(f"left out {path}: {why}", err=True)
    if matrix.problems:
        raise typer.Exit(1)
