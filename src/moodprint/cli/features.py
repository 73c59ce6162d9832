"""`moodprint features`: describe sounds by named numbers."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from moodprint.audio.decode_options import LONGEST_S, DecodeOptions
from moodprint.cli.exit_status import FAILED, print_error, tell_people
from moodprint.cli.options import (
    AsJson,
    Cache,
    Format,
    Longest,
    Quiet,
    TextFormat,
    Track,
    Workers,
    feature_cache,
    is_json,
)
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import named_reason

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _features() -> None:
    """Describe sounds by named numbers: a row a file, or a row a clip of a corpus."""


@app.command("list")
def list_sets(text_format: Format = TextFormat.TABLE, as_json: AsJson = False) -> None:
    """List the feature sets: under which licence, and whether they can be used here.

    \b
    Examples:
      moodprint features list
      moodprint features list --format json
    """
    from moodprint.features.registry import statuses

    found = statuses()
    if is_json(text_format, as_json):
        typer.echo(json.dumps([asdict(status) for status in found], indent=2))
        return
    for status in found:
        typer.echo(f"{status.set:<10} {status.licence:<46} {status.missing or 'ready'}")


@app.command("extract")
def extract(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders of media files, or corpora.")],
    out: Annotated[
        Path, typer.Option("--out", "--output", "-o", help="The table: a .csv or .parquet file.")
    ],
    features: Annotated[
        str, typer.Option("--features", "--set", help="Sets, joined by +; or tags, alone.")
    ] = "acoustic",
    workers: Workers = None,
    track: Track = None,
    longest: Longest = LONGEST_S,
    cache: Cache = None,
    quiet: Quiet = False,
) -> None:
    """Write the features of sounds as a table; a file that cannot be read is named and left out.

    Of a corpus each clip that is kept gives a row, with its id and its times in the file. The set
    tags gives what music libraries and DJs use: tempo, key and loudness, in plain columns.

    \b
    Examples:
      moodprint features extract songs/ --out songs.parquet
      moodprint features extract corpus/ --out clips.parquet
      moodprint features extract songs/ --set tags --out tags.csv
      moodprint features extract a.mp3 b.mp4 --features acoustic+egemaps --out table.csv
    """
    from moodprint.dataset.feature_table import check_table_name, feature_table, write_table
    from moodprint.dataset.path_expansion import find_sounds
    from moodprint.dataset.tag_table import tag_table
    from moodprint.features.registry import TAGS, feature_sets
    from moodprint.outputs import claimed

    check_table_name(out)
    sets = None if features == TAGS else feature_sets(features)
    sounds = find_sounds(paths)
    options = DecodeOptions(track, longest)
    sounds = [replace(each, excerpt=replace(each.excerpt, options=options)) for each in sounds]
    with claimed(files=[out], sources=[sound.excerpt.path for sound in sounds]):
        kept_in = None if sets is None else feature_cache(cache)
        with progress_bar(quiet=quiet) as progress:
            if sets is None:
                table = tag_table(sounds, workers=workers, progress=progress)
            else:
                table = feature_table(
                    sounds, sets, cache=kept_in, workers=workers, progress=progress
                )
        if table.rows.height:
            write_table(table, out)
            if not quiet:
                tell_people(f"{out}: {table.rows.height} rows, {table.rows.width} columns")
    for path, texts in table.warnings.items():
        print_error(f"{path}: {'; '.join(texts)}")
    for path, why in table.problems.items():
        print_error(f"left out: {named_reason(str(path), why)}")
    if table.problems:
        raise typer.Exit(FAILED)
