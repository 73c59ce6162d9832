"""`moodprint train`: fine-tune a pretrained network, the shipped one among them, on a study."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moodprint.cli.exit_status import print_error
from moodprint.cli.options import AsJson, Format, Quiet, TextFormat, is_json
from moodprint.cli.progress_bar import progress_bar
from moodprint.plain_text import one_line


def train(
    config: Annotated[Path, typer.Argument(help="A study's YAML file: corpora, labels, splits.")],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            "--checkpoint",
            help="Where to begin: ear, a bundle, or a HuBERT or wav2vec 2.0 (folder or hub name).",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "--output", "-o", help="The folder for all that it makes.")
    ],
    epochs: Annotated[int, typer.Option(help="The most epochs.")] = 20,
    batch: Annotated[int, typer.Option(help="Clips a step.")] = 8,
    learning_rate: Annotated[
        float | None, typer.Option(help="The highest rate; default: what suits the network.")
    ] = None,
    longest_s: Annotated[
        float, typer.Option(help="Seconds of a clip that the network takes at once.")
    ] = 10.0,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    text_format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fine-tune a network on a study's corpora, and test it once on their hold-out.

    The splits are those of `moodprint study run`, so the scores stand beside its leaderboard. The
    first fold's test side says when to stop. Stop it when you like: it goes on from the last epoch.

    \b
    Examples:
      moodprint train mine.yaml --model ear --out tuned
      moodprint analyze song.mp3 --model tuned/best
      moodprint train mine.yaml --model facebook/hubert-base-ls960 --out hubert --device cuda
    """
    from moodprint.dataset.labels import left_out_text
    from moodprint.files import write_atomically
    from moodprint.fine_tuning.holdout_score import holdout_row
    from moodprint.fine_tuning.loop import fine_tune
    from moodprint.fine_tuning.options import FineTuningOptions
    from moodprint.fine_tuning.task import fine_tuning_task
    from moodprint.outputs import claimed
    from moodprint.study.config import load_config

    options = FineTuningOptions(
        model,
        epochs=epochs,
        batch=batch,
        learning_rate=learning_rate,
        longest_s=longest_s,
        device=device,
    )
    with claimed(folders=[out], sources=[config]):
        task = fine_tuning_task(load_config(config), out)
        if task.dataset.left_out:
            print_error(left_out_text(task.dataset.left_out, task.dataset.labels))
        with progress_bar(quiet=quiet) as progress:
            tuned = fine_tune(task.data, task.fold, options, out, progress)
        row = holdout_row(task, tuned, options)
        record = {"best_epoch": tuned.best_epoch, "history": tuned.history, "holdout": asdict(row)}
        text = json.dumps(record, indent=2)
        write_atomically(out / "training.json", text + "\n")
    if is_json(text_format, as_json):
        typer.echo(text)
        return
    typer.echo(
        f"hold-out: UAR {row.uar:.3f} [{row.uar_low:.3f}, {row.uar_high:.3f}], "
        f"macro F1 {row.macro_f1:.3f} ({row.samples} clips, {row.groups} groups)"
    )
    typer.echo(one_line(tuned.folder))
