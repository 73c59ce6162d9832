"""Fine-tuning on the splits that a study of the same dataset has, to stand on its leaderboard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.dataset.config import DatasetConfig
from moodprint.dataset.gather import gather
from moodprint.dataset.provenance import data_hash, versions
from moodprint.dataset.samples import Sample, groups_of, songs_of
from moodprint.dataset.split_plan import HOLDOUT, SplitPlan, split_plan
from moodprint.errors import OptionError
from moodprint.evaluation import (
    HeldOutScores,
    LeaderboardRow,
    credible_from,
    fit_temperature,
    leaderboard_row,
    softmax,
)
from moodprint.evaluation.validate import IntArray
from moodprint.fine_tuning.backbone import is_ear, scores_of
from moodprint.fine_tuning.loop import FineTuned
from moodprint.fine_tuning.training_data import FineTuning, Lessons


@dataclass(frozen=True)
class FineTuningTask:
    """The samples of a dataset as training data, and their guarded splits."""

    samples: tuple[Sample, ...]
    data: Lessons
    plan: SplitPlan


def fine_tuning_task(config: DatasetConfig, out: Path) -> FineTuningTask:
    """Gather a dataset and split it as a study does; toy songs go under ``out``.

    Raises:
        OptionError: a config without a hold-out.
    """
    if config.protocol != "holdout" or not config.holdout_share:
        raise OptionError(
            "fine-tuning takes the protocol holdout with a holdout_share above 0, not "
            f"{config.protocol} with {config.holdout_share}"
        )
    dataset = gather(config, out)
    data = Lessons([each.excerpt for each in dataset.samples], dataset.truth, config.labels)
    return FineTuningTask(dataset.samples, data, split_plan(dataset, config))


def holdout_row(task: FineTuningTask, found: FineTuned, options: FineTuning) -> LeaderboardRow:
    """The fine-tuned network's row at the hold-out; calibrated on what it was chosen by. Of an ear,
    both go on its card.

    Raises:
        OptionError: the splits have no hold-out.
    """
    if task.plan.holdout is None:
        raise OptionError("there is no hold-out to be tested on")
    chosen_by = _held_out(task, found, options, task.plan.folds[0].fold.test)
    temperature = fit_temperature(chosen_by.truth, chosen_by.scores)
    held_out = _held_out(task, found, options, task.plan.holdout.fold.test)
    name = Path(options.checkpoint).name
    row = leaderboard_row("sound", f"fine-tuned {name}", HOLDOUT, held_out, temperature=temperature)
    if is_ear(options.checkpoint):
        probabilities = softmax(chosen_by.scores, temperature)
        calibration = {
            "temperature": temperature,
            "abstain_below": credible_from(chosen_by.truth, probabilities),
        }
        _sign(task, found, options, calibration, row)
    return row


def _sign(
    task: FineTuningTask,
    found: FineTuned,
    options: FineTuning,
    calibration: dict[str, float],
    row: LeaderboardRow,
) -> None:
    from moodprint.fine_tuning.emotion_net import sign

    training = {
        "began_with": Path(options.checkpoint).name,
        "corpora": sorted({sample.corpus for sample in task.samples}),
        "samples": len(task.plan.folds[0].fold.train),
        "epochs": len(found.history),
        "best_epoch": found.best_epoch,
        "seed": options.seed,
    }
    card = {
        "version": data_hash(task.samples)[:8],
        "licence": "that of what it learned from",
        "calibration": calibration,
        "training": training,
        "data_hash": data_hash(task.samples),
        "metrics": {HOLDOUT: row.card_metrics()},
        "versions": versions(),
    }
    sign(found.folder, card)


def _held_out(
    task: FineTuningTask, found: FineTuned, options: FineTuning, rows: IntArray
) -> HeldOutScores:
    excerpts = [task.data.excerpts[row] for row in rows]
    scores = scores_of(found.folder, excerpts, options, task.data.labels)
    songs, groups = songs_of(task.samples), groups_of(task.samples)
    return HeldOutScores(task.data.truth[rows], np.asarray(scores), songs[rows], groups[rows])
