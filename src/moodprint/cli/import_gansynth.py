"""`moodprint models import-gansynth`: a checkpoint of Magenta's GANSynth made a bundle of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_gansynth(
    folder: Annotated[Path, typer.Argument(help="With experiment.json and stage_* folders.")],
    out: Annotated[Path, typer.Option(help="The bundle's folder; made where it is not there.")],
) -> None:
    """Turn a training folder of Magenta's GANSynth into a bundle for `generate notes`.

    Neither TensorFlow nor torch is needed; the package onnx is (pip install
    'moodprint[generate]').

    \b
    moodprint models import-gansynth acoustic_only --out acoustic
    """
    from moodprint.generation.note_generator.magenta import import_magenta

    card = import_magenta(folder, out)
    typer.echo(f"{out}: {card.name}, {card.parameters:,} parameters, {card.blocks} blocks")
