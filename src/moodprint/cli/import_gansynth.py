"""`moodprint models import-gansynth`: a checkpoint of Magenta's GANSynth made a bundle of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from moodprint.outputs import claimed


def import_gansynth(
    folder: Annotated[Path, typer.Argument(help="With experiment.json and stage_* folders.")],
    out: Annotated[
        Path, typer.Option("--out", "--output", "-o", help="The folder for the bundle.")
    ],
) -> None:
    """Turn a training folder of Magenta's GANSynth into a bundle for `generate notes`.

    This takes TensorFlow and torch (extra `magenta`); playing what comes of it takes neither.

    \b
    Examples:
      moodprint models import-gansynth acoustic_only --out acoustic
    """
    with claimed(folders=[out]):
        from moodprint.generation.note_generator.magenta import import_magenta

        card = import_magenta(folder, out)
    typer.echo(f"{out}: {card.name}, {card.parameters:,} parameters, {card.blocks} blocks")
