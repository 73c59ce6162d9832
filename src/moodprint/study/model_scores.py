"""How good a model is on labelled music: every answer against its label, by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import DEFAULT, open_bundle
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample, groups_of
from moodprint.emotion import EMOTIONS
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.errors import CorpusError, is_of_the_file
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
from moodprint.models.acceptance import accept
from moodprint.prediction import Prediction
from moodprint.recognition.analyzer import Analyzer
from moodprint.study.learned_files import learned_samples

_LABELS = tuple(str(emotion) for emotion in EMOTIONS)
_K = len(_LABELS)


@dataclass(frozen=True)
class ModelScores:
    """Scores of a model, with 95 % intervals over groups.

    An answer without an emotion (``no_music``) counts as wrong. ``confusion`` [5, 6] has a row a
    true emotion and a last column for such answers. ``accuracy_if_credible`` is that of the answers
    from which the model did not abstain, ``abstained`` the share of the others. ``brier`` and
    ``calibration_error`` are of answers with an emotion. ``problems`` are files that failed,
    ``left_out`` counts samples by a label that is none of the emotions. ``learned_from`` is how
    many of the samples are of files that the model learned from, as far as its card says.
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
    left_out: dict[str, int]
    learned_from: int = 0


@dataclass(frozen=True)
class PredictExcerpt:
    """What a model says of an excerpt as a whole; sent to worker processes."""

    bundle: str | None = None

    def __call__(self, excerpt: Excerpt) -> Prediction:
        analyzer = _analyzer(self.bundle)
        if excerpt == Excerpt(excerpt.path):  # a whole file may be long: it is not held in memory
            return analyzer.file(excerpt.path).overall
        return analyzer.clip(excerpt.decode()).overall


def evaluate_model(
    dataset: Dataset,
    bundle: str | None = None,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
    predict: Callable[[Excerpt], Prediction] | None = None,
) -> ModelScores:
    """Ask the model of a bundle (by default the one that ships) about a dataset of the emotions.

    Files are opened in processes of their own (see ``engine.file_limits``).

    Raises:
        CorpusError: no sample can be read. MoodprintError: the model cannot be used here.
    """
    opened = open_bundle(bundle or DEFAULT)
    accept(opened)
    samples, predictions, problems = [], [], {}
    work = predict or PredictExcerpt(bundle)
    excerpts = [sample.excerpt for sample in dataset.samples]
    outcomes = run(work, excerpts, workers=workers, limits=file_limits(attrgetter("path")))
    for done, (sample, outcome) in enumerate(zip(dataset.samples, outcomes, strict=True), 1):
        if outcome.error is None:
            samples.append(sample)
            predictions.append(outcome.unwrap())
        elif is_of_the_file(outcome.error):
            problems[str(outcome.item.path)] = str(outcome.error)
        else:
            raise outcome.error
        progress("answers", done, len(dataset.samples))
    if not samples:
        raise CorpusError(f"no sample can be read: {next(iter(problems.values()))}")
    scores = _scored(samples, predictions, problems, dataset.left_out)
    training = opened.fields.get("training")
    known = learned_samples(training if isinstance(training, dict) else {}, samples)
    return replace(scores, learned_from=sum(known))


def _scored(
    samples: Sequence[Sample],
    predictions: Sequence[Prediction],
    problems: dict[str, str],
    left_out: Mapping[str, int],
) -> ModelScores:
    truth = np.array([_LABELS.index(sample.label) for sample in samples])
    predicted = np.array(
        [_K if each.emotion is None else EMOTIONS.index(each.emotion) for each in predictions]
    )
    groups, is_music = groups_of(samples), predicted < _K
    credible = np.array([not each.abstained for each in predictions])
    probabilities = np.array([list(each.probabilities.values()) for each in predictions])
    right = (truth == predicted).astype(float)
    recall = per_class_recall(truth, predicted, _K + 1)[:_K]
    return ModelScores(
        samples=len(truth),
        groups=len(np.unique(groups)),
        uar=group_bootstrap(uar, groups, truth, predicted),
        macro_f1=group_bootstrap(_macro_f1, groups, truth, predicted),
        accuracy=group_bootstrap(np.mean, groups, right),
        recall={
            label: None if np.isnan(share) else float(share)
            for label, share in zip(_LABELS, recall, strict=True)
        },
        confusion=confusion_matrix(truth, predicted, _K + 1)[:_K].tolist(),
        no_music=int((~is_music).sum()),
        abstained=float(1 - credible.mean()),
        accuracy_if_credible=float(right[credible].mean()) if credible.any() else None,
        brier=_of(brier, truth, probabilities, is_music),
        calibration_error=_of(expected_calibration_error, truth, probabilities, is_music),
        problems=problems,
        left_out=dict(left_out),
    )


def _macro_f1(truth: IntArray, predicted: IntArray) -> float:
    """Over the emotions that occur in either; answers without one only cost recall."""
    return float(np.nanmean(per_class_f1(truth, predicted, _K + 1)[:_K]))


def _of(
    metric: Callable[..., float],
    truth: IntArray,
    probabilities: Float64Array,
    rows: npt.NDArray[np.bool_],
) -> float | None:
    return metric(truth[rows], probabilities[rows]) if rows.any() else None


@lru_cache(maxsize=1)
def _analyzer(bundle: str | None) -> Analyzer:
    return Analyzer(bundle)
