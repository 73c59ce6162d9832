"""Fine-tuning on the splits of a study: the same hold-out, so the scores can stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.dataset.samples import Sample, groups_of
from moodprint.dataset.split_plan import HOLDOUT, Plan, plan
from moodprint.errors import OptionError
from moodprint.evaluation import fit_temperature
from moodprint.evaluation.validate import IntArray
from moodprint.fine_tuning.backbone import is_ear, scores_of
from moodprint.fine_tuning.loop import FineTuned
from moodprint.fine_tuning.training_data import FineTuning, Lessons
from moodprint.study.config import StudyConfig
from moodprint.study.leaderboard import Judged, Row, judge
from moodprint.study.run import data_hash, gather, versions
from moodprint.study.winner import credible_from, metrics_of


@dataclass(frozen=True)
class Taught:
    """The samples of a study as lessons, and its guarded splits."""

    samples: tuple[Sample, ...]
    lessons: Lessons
    plan: Plan


def lessons_of(config: StudyConfig, out: Path) -> Taught:
    """Gather a study's samples and split them as the study does; toy songs go under ``out``."""
    samples = gather(config, out)
    labels = np.array([config.labels.index(each.label) for each in samples])
    lessons = Lessons([each.excerpt for each in samples], labels, config.labels)
    return Taught(tuple(samples), lessons, plan(samples, labels, config))


def judged_on_holdout(taught: Taught, found: FineTuned, options: FineTuning) -> Row:
    """The fine-tuned network's row at the hold-out; calibrated on what it was chosen by. Of an ear,
    both go on its card.

    Raises:
        OptionError: the splits have no hold-out.
    """
    if taught.plan.holdout is None:
        raise OptionError("there is no hold-out to be judged on")
    chosen_by = _judged(taught, found, options, taught.plan.splits[0].fold.test)
    heat = fit_temperature(chosen_by.truth, chosen_by.scores)
    judged = _judged(taught, found, options, taught.plan.holdout.fold.test)
    name = Path(options.checkpoint).name
    row = judge("sound", f"fine-tuned {name}", HOLDOUT, judged, temperature=heat)
    if is_ear(options.checkpoint):
        calibration = {"temperature": heat, "abstain_below": credible_from(chosen_by, heat)}
        _sign(taught, found, options, calibration, row)
    return row


def _sign(
    taught: Taught, found: FineTuned, options: FineTuning, calibration: dict[str, float], row: Row
) -> None:
    from moodprint.fine_tuning.emotion_net import sign

    training = {
        "began_with": Path(options.checkpoint).name,
        "corpora": sorted({sample.corpus for sample in taught.samples}),
        "samples": len(taught.plan.splits[0].fold.train),
        "epochs": len(found.history),
        "best_epoch": found.best_epoch,
        "seed": options.seed,
    }
    card = {
        "version": data_hash(taught.samples)[:8],
        "licence": "that of what it learned from",
        "calibration": calibration,
        "training": training,
        "data_hash": data_hash(taught.samples),
        "metrics": {HOLDOUT: metrics_of(row)},
        "versions": versions(),
    }
    sign(found.folder, card)


def _judged(taught: Taught, found: FineTuned, options: FineTuning, rows: IntArray) -> Judged:
    excerpts = [taught.lessons.excerpts[row] for row in rows]
    scores = scores_of(found.folder, excerpts, options, taught.lessons.labels)
    songs = np.unique([each.song for each in taught.samples], return_inverse=True)[1]
    return Judged(taught.lessons.truth[rows], scores, songs[rows], groups_of(taught.samples)[rows])
