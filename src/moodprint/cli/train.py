"""`moodprint train`: teach a pretrained network, our ear among them, the emotions of a study."""

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
    longest_s: Annotated[float, typer.Option(help="Seconds of a clip that are heard.")] = 10.0,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Fine-tune a network on a study's corpora, and judge it once on their hold-out.

    The splits are those of `moodprint study run`, so the scores stand beside its leaderboard. The
    first fold's test side says when to stop. Stop it when you like: it goes on from the last epoch.

    Examples:

      moodprint train mine.yaml --checkpoint ear --out taught

      moodprint analyze song.mp3 --model taught/best

      moodprint train mine.yaml --checkpoint facebook/hubert-base-ls960 --out hubert --device cuda
    """
    from moodprint.files import write_atomically
    from moodprint.fine_tuning.holdout_score import fine_tuning_task, holdout_row
    from moodprint.fine_tuning.loop import fine_tune
    from moodprint.fine_tuning.training_data import FineTuning
    from moodprint.study.config import load_config

    options = FineTuning(
        checkpoint,
        epochs=epochs,
        batch=batch,
        learning_rate=learning_rate,
        longest_s=longest_s,
        device=device,
    )
    task = fine_tuning_task(load_config(config), out)
    with progress_bar() as progress:
        found = fine_tune(task.data, task.plan.folds[0].fold, options, out, progress)
    row = holdout_row(task, found, options)
    record = {"best_epoch": found.best_epoch, "history": found.history, "holdout": asdict(row)}
    write_atomically(out / "training.json", json.dumps(record, indent=2) + "\n")
    typer.echo(
        f"hold-out: UAR {row.uar:.3f} [{row.uar_low:.3f}, {row.uar_high:.3f}], "
        f"macro F1 {row.macro_f1:.3f} ({row.samples} clips, {row.groups} groups)"
    )
    typer.echo(f"{found.folder}")
