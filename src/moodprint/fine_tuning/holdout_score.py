"""How good a fine-tuned network is on the hold-out: a row that stands beside those of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moodprint.dataset.provenance import data_hash, versions
from moodprint.dataset.samples import groups_of, songs_of
from moodprint.evaluation import (
    HeldOutScores,
    LeaderboardRow,
    credible_from,
    fit_temperature,
    leaderboard_row,
    softmax,
)
from moodprint.evaluation.validate import IntArray
from moodprint.fine_tuning.loop import FineTuned
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.registry import backbone_class
from moodprint.fine_tuning.task import FineTuningTask

FEATURES = "sound"
"""What stands on a leaderboard as the features of a network that takes sound itself."""


def holdout_row(
    task: FineTuningTask, tuned: FineTuned, options: FineTuningOptions
) -> LeaderboardRow:
    """The network's row at the hold-out, calibrated on what its best epoch was chosen by.

    Both go on its card, where the format has one.
    """
    chosen_by = _held_out(task, tuned, options, task.fold.test)
    temperature = fit_temperature(chosen_by.truth, chosen_by.scores)
    held_out = _held_out(task, tuned, options, task.holdout.fold.test)
    model = f"fine-tuned {Path(options.checkpoint).name}"
    row = leaderboard_row(FEATURES, model, task.holdout.stage, held_out, temperature=temperature)
    probabilities = softmax(chosen_by.scores, temperature)
    calibration = {
        "temperature": temperature,
        "abstain_below": credible_from(chosen_by.truth, probabilities),
    }
    card = {"calibration": calibration, "metrics": {task.holdout.stage: row.card_metrics()}}
    backbone_class(options.checkpoint).sign(tuned.folder, card | _origin(task, tuned, options))
    return row


def _origin(task: FineTuningTask, tuned: FineTuned, options: FineTuningOptions) -> dict[str, Any]:
    """What a card says of where the network comes from."""
    samples = task.dataset.samples
    return {
        "version": data_hash(samples)[:8],
        "licence": "that of what it learned from",
        "training": {
            "began_with": Path(options.checkpoint).name,
            "corpora": sorted({sample.corpus for sample in samples}),
            "samples": len(task.fold.train),
            "epochs": len(tuned.history),
            "best_epoch": tuned.best_epoch,
            "seed": options.seed,
        },
        "data_hash": data_hash(samples),
        "versions": versions(),
    }


def _held_out(
    task: FineTuningTask, tuned: FineTuned, options: FineTuningOptions, rows: IntArray
) -> HeldOutScores:
    data, samples = task.data, task.dataset.samples
    excerpts = [data.excerpts[row] for row in rows.tolist()]
    scores = backbone_class(options.checkpoint).scores(tuned.folder, excerpts, options, data.labels)
    return HeldOutScores(
        data.truth[rows], scores, songs_of(samples)[rows], groups_of(samples)[rows]
    )
