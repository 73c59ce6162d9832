"""`moodprint train`: fine-tune a pretrained network, the shipped one among them, on a study."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moodprint.cli.progress_bar import progress_bar


def train(
    config: Annotated[Path, typer.Argument(help="A study's YAML file: corpora, labels, splits.")],
    checkpoint: Annotated[
        str, typer.Option(help="ear, or a HuBERT or wav2vec 2.0: folder or hub name.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for all that it makes.")],
    epochs: Annotated[int, typer.Option(help="The most epochs.")] = 20,
    batch: Annotated[int, typer.Option(help="Clips a step.")] = 8,
    learning_rate: Annotated[
        float | None, typer.Option(help="The highest rate; default: what suits the network.")
    ] = None,
    longest_s: Annotated[
        float, typer.Option(help="Seconds of a clip that the network takes at once.")
    ] = 10.0,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Fine-tune a network on a study's corpora, and test it once on their hold-out.

    The splits are those of `moodprint study run`, so the scores stand beside its leaderboard. The
    first fold's test side says when to stop. Stop it when you like: it goes on from the last epoch.

    Examples:

      moodprint train mine.yaml --checkpoint ear --out tuned

      moodprint analyze song.mp3 --model tuned/best

      moodprint train mine.yaml --checkpoint facebook/hubert-base-ls960 --out hubert --device cuda
    """
    from moodprint.dataset.labels import left_out_text
    from moodprint.files import write_atomically
    from moodprint.fine_tuning.holdout_score import holdout_row
    from moodprint.fine_tuning.loop import fine_tune
    from moodprint.fine_tuning.options import FineTuningOptions
    from moodprint.fine_tuning.task import fine_tuning_task
    from moodprint.study.config import load_config

    options = FineTuningOptions(
        checkpoint,
        epochs=epochs,
        batch=batch,
        learning_rate=learning_rate,
        longest_s=longest_s,
        device=device,
    )
    task = fine_tuning_task(load_config(config), out)
    if task.dataset.left_out:
        typer.echo(left_out_text(task.dataset.left_out, task.dataset.labels), err=True)
    with progress_bar() as progress:
        tuned = fine_tune(task.data, task.fold, options, out, progress)
    row = holdout_row(task, tuned, options)
    record = {"best_epoch": tuned.best_epoch, "history": tuned.history, "holdout": asdict(row)}
    write_atomically(out / "training.json", json.dumps(record, indent=2) + "\n")
    typer.echo(
        f"hold-out: UAR {row.uar:.3f} [{row.uar_low:.3f}, {row.uar_high:.3f}], "
        f"macro F1 {row.macro_f1:.3f} ({row.samples} clips, {row.groups} groups)"
    )
    typer.echo(f"{tuned.folder}")
