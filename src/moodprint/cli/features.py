"""`moodprint features`: describe sounds by named numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from moodprint.cli.progress_bar import progress_bar
from moodprint.errors import MissingExtraError, MissingWeightsError, NoMediaFoundError

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
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of media files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A .csv or .parquet file.")],
    features: Annotated[str, typer.Option(help="Sets, joined by +.")] = "acoustic",
    workers: Annotated[int, typer.Option(help="Processes; 0 is one a core.", min=0)] = 0,
    cache: Annotated[
        Path | None, typer.Option(help="Where features are kept; default: your cache folder.")
    ] = None,
) -> None:
    """Write the features of files as a table; a file that cannot be read is told and left out.

    Examples:

      moodprint features extract songs/ --output songs.parquet

      moodprint features extract a.mp3 b.mp4 --features acoustic+egemaps -o table.csv
    """
    import numpy as np
    import polars as pl

    from moodprint.audio.media import find_media
    from moodprint.engine import available_cores
    from moodprint.errors import OptionError
    from moodprint.features.cache import FeatureCache, default_folder
    from moodprint.features.extraction import Excerpt, feature_matrix
    from moodprint.features.registry import feature_sets

    if output.suffix not in {".csv", ".parquet"}:
        raise OptionError(f"--output takes a .csv or .parquet file, not {output.name}")
    files = [file for path in paths for file in (find_media(path) if path.is_dir() else [path])]
    if not files:
        raise NoMediaFoundError(f"no media file in {', '.join(map(str, paths))}")
    with progress_bar() as progress:
        matrix = feature_matrix(
            feature_sets(features),
            [Excerpt(file) for file in files],
            cache=FeatureCache(cache or default_folder()),
            workers=workers or available_cores(),
            progress=progress,
        )
    kept = np.flatnonzero(matrix.usable)
    names = pl.DataFrame({"file": [str(files[row]) for row in kept]})
    table = pl.DataFrame(matrix.values[kept], schema=list(matrix.columns)).insert_column(
        0, names["file"]
    )
    if output.suffix == ".csv":
        table.write_csv(output)
    else:
        table.write_parquet(output)
    for path, why in matrix.problems.items():
        typer.echo(f"left out {path}: {why}", err=True)
    if matrix.problems:
        raise typer.Exit(1)
