"""How good a model is on a labelled corpus: every answer against its label, by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.samples import Sample, groups_of
from moodprint.emotion import EMOTIONS
from moodprint.engine import Progress, no_progress, run
from moodprint.errors import (
    CorpusError,
    InputError,
    OptionError,
    TimeLimitError,
    WorkerCrashedError,
)
from moodprint.evaluation import (
    Interval,
    brier,
    confusion_matrix,
    expected_calibration_error,
    group_bootstrap,
    per_class_f1,
    per_class_recall,
    uar,
)
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.prediction import Prediction
from moodprint.recognition.analyzer import Analyzer

_LABELS = tuple(str(emotion) for emotion in EMOTIONS)
_K = len(_LABELS)


@dataclass(frozen=True)
class Evaluation:
    """Scores of a model, with 95 % intervals over groups.

    An answer without an emotion (``no_music``) counts as wrong. ``confusion`` [5, 6] has a row a
    true emotion and a last column for such answers. ``accuracy_if_credible`` is that of the answers
    from which the model did not abstain, ``abstained`` the share of the others. ``brier`` and
    ``calibration_error`` are of answers with an emotion. ``problems`` are files that failed.
    """

    samples: int
    groups: int
    uar: Interval
    macro_f1: Interval
    accuracy: Interval
    recall: dict[str, float | None]
    confusion: list[list[int]]
    no_music: int
    abstained: float
    accuracy_if_credible: float | None
    brier: float | None
    calibration_error: float | None
    problems: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What a model says of an excerpt as a whole; sent to worker processes."""

    bundle: str | None = None

    def __call__(self, excerpt: Excerpt) -> Prediction:
        return _analyzer(self.bundle).clip(excerpt.decode()).overall


def evaluate(
    samples: Sequence[Sample],
    bundle: str | None = None,
    *,
    workers: int = 1,
    progress: Progress = no_progress,
    answer: Callable[[Excerpt], Prediction] | None = None,
) -> Evaluation:
    """Ask the model of a bundle (by default the one that ships) about samples with an emotion.

    Samples with another label, or none, are left out.

    Raises:
        CorpusError: no sample carries an emotion, or none can be read.
        MoodprintError: the model cannot be used here.
    """
    known = [sample for sample in samples if sample.label in _LABELS]
    if not known:
        raise CorpusError(f"no sample carries one of the labels {', '.join(_LABELS)}")
    answers, problems = [], {}
    outcomes = run(answer or Answer(bundle), [s.excerpt for s in known], workers=workers)
    for done, outcome in enumerate(outcomes, 1):
        if outcome.error is None:
            answers.append((known[done - 1], outcome.unwrap()))
        elif _is_of_the_file(outcome.error):
            problems[str(outcome.item.path)] = str(outcome.error)
        else:
            raise outcome.error
        progress("answers", done, len(known))
    if not answers:
        raise CorpusError(f"no sample can be read: {next(iter(problems.values()))}")
    told = [prediction for _, prediction in answers]
    return _scored([sample for sample, _ in answers], told, problems)


def _scored(
    samples: Sequence[Sample], answers: Sequence[Prediction], problems: dict[str, str]
) -> Evaluation:
    truth = np.array([_LABELS.index(sample.label) for sample in samples])
    guessed = np.array([_K if a.emotion is None else EMOTIONS.index(a.emotion) for a in answers])
    groups, heard = groups_of(samples), guessed < _K
    credible = np.array([not answer.abstained for answer in answers])
    chances = np.array([list(answer.probabilities.values()) for answer in answers])
    right = (truth == guessed).astype(float)
    recall = per_class_recall(truth, guessed, _K + 1)[:_K]
    return Evaluation(
        samples=len(truth),
        groups=len(np.unique(groups)),
        uar=group_bootstrap(uar, groups, truth, guessed),
        macro_f1=group_bootstrap(_macro_f1, groups, truth, guessed),
        accuracy=group_bootstrap(np.mean, groups, right),
        recall={
            label: None if np.isnan(share) else float(share)
            for label, share in zip(_LABELS, recall, strict=True)
        },
        confusion=confusion_matrix(truth, guessed, _K + 1)[:_K].tolist(),
        no_music=int((~heard).sum()),
        abstained=float(1 - credible.mean()),
        accuracy_if_credible=float(right[credible].mean()) if credible.any() else None,
        brier=_of(brier, truth, chances, heard),
        calibration_error=_of(expected_calibration_error, truth, chances, heard),
        problems=problems,
    )


def _macro_f1(truth: IntArray, guessed: IntArray) -> float:
    """Over the emotions that occur in either; answers without one only cost recall."""
    return float(np.nanmean(per_class_f1(truth, guessed, _K + 1)[:_K]))


def _of(
    metric: Callable[..., float],
    truth: IntArray,
    chances: Float64Array,
    rows: npt.NDArray[np.bool_],
) -> float | None:
    return metric(truth[rows], chances[rows]) if rows.any() else None


def _is_of_the_file(error: Exception) -> bool:
    kinds = (InputError, TimeLimitError, WorkerCrashedError)
    return isinstance(error, kinds) and not isinstance(error, OptionError)


@lru_cache(maxsize=1)
def _analyzer(bundle: str | None) -> Analyzer:
    return Analyzer(bundle)
