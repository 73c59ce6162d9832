"""Fine-tuning on the splits of a study: the same hold-out, so the scores can stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moodprint.errors import OptionError
from moodprint.evaluation.checks import Float64Array, IntArray
from moodprint.models.classifier import temperature_of
from moodprint.study.config import StudyConfig
from moodprint.study.fine_tuning import FineTuned, FineTuning, Lessons, scores_of
from moodprint.study.leaderboard import Judged, Row, judge
from moodprint.study.protocol import HOLDOUT, Plan, plan
from moodprint.study.run import gather
from moodprint.study.samples import Sample, groups_of


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
    """The fine-tuned network's row at the hold-out; calibrated on what it was chosen by.

    Raises:
        OptionError: the splits have no hold-out.
    """
    if taught.plan.holdout is None:
        raise OptionError("there is no hold-out to be judged on")
    chosen_by = taught.plan.splits[0].fold.test
    heat = temperature_of(
        taught.lessons.truth[chosen_by], _scores(taught, found, options, chosen_by)
    )
    test = taught.plan.holdout.fold.test
    songs = np.unique([each.song for each in taught.samples], return_inverse=True)[1]
    judged = Judged(
        taught.lessons.truth[test],
        _scores(taught, found, options, test),
        songs[test],
        groups_of(taught.samples)[test],
    )
    name = Path(options.checkpoint).name
    return judge("sound", f"fine-tuned {name}", HOLDOUT, judged, temperature=heat)


def _scores(taught: Taught, found: FineTuned, options: FineTuning, rows: IntArray) -> Float64Array:
    return scores_of(found.folder, [taught.lessons.excerpts[row] for row in rows], options)
