"""A model's calibration fitted anew on labelled music: its probabilities then hold for music of
that kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np

from moodprint.audio.decode import stream
from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import DEFAULT, Calibration, open_bundle, write_bundle
from moodprint.dataset.gather import Dataset
from moodprint.dataset.samples import Sample, groups_of
from moodprint.emotion import EMOTIONS
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.errors import CorpusError, is_of_the_file
from moodprint.evaluation import expected_calibration_error, stratified_group_folds
from moodprint.evaluation.calibration import right_by_confidence
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.models.acceptance import accept
from moodprint.outputs import AnyPath
from moodprint.prediction import Prediction
from moodprint.recognition.recogniser import Recogniser, calibration_of, load_recogniser
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.timeline import timeline

FACTORS = tuple(np.round(np.geomspace(0.4, 2.5, 23), 3).tolist())
"""What the temperature is multiplied by: from surer to less sure, in steps of 9 %."""

FEWEST_SAMPLES, FEWEST_GROUPS = 30, 5
"""Fewer fit a temperature to their own accidents."""

_EDGES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_FOLDS = 5


@dataclass(frozen=True)
class Recalibration:
    """The new calibration, and the expected calibration error of the old one and of new ones fitted
    on other groups than they are judged on."""

    calibration: Calibration
    samples: int
    groups: int
    error_before: float
    error_after: float


@dataclass(frozen=True)
class TemperedAnswers:
    """What a model says of an excerpt at each of the FACTORS of its temperature; sent to worker
    processes."""

    bundle: str | None = None

    def __call__(self, excerpt: Excerpt) -> tuple[Prediction, ...]:
        """Raises what decoding raises."""
        recogniser, calibration = _loaded(self.bundle)
        sound = stream(
            excerpt.path,
            sample_rate_hz=recogniser.sample_rate_hz,
            start_s=excerpt.start_s,
            stop_s=excerpt.end_s,
            options=excerpt.options,
        )
        outputs = recogniser.infer(sound)
        settings = AnalysisSettings()
        return tuple(
            timeline(
                outputs,
                settings,
                replace(calibration, temperature=factor * calibration.temperature),
                source="",
                model="",
            ).overall
            for factor in FACTORS
        )


def recalibrated(
    dataset: Dataset,
    bundle: str | None = None,
    *,
    workers: int | None = 1,
    progress: Progress = no_progress,
    answers: Callable[[Excerpt], tuple[Prediction, ...]] | None = None,
) -> Recalibration:
    """Fit temperature and reliability of a model to the labels of a dataset of emotions. From which
    probability it answers stays as it is: that is for who asks to say.

    Answers without music, and files that cannot be read, have no say.

    Raises:
        CorpusError: fewer than 30 samples with an answer, or than 5 groups.
        MoodprintError: the model cannot be used here.
    """
    opened = open_bundle(bundle or DEFAULT)
    old = calibration_of(opened)
    accept(opened)
    samples, found = _answered(dataset, answers or TemperedAnswers(bundle), workers, progress)
    groups = groups_of(samples)
    if len(samples) < FEWEST_SAMPLES or len(np.unique(groups)) < FEWEST_GROUPS:
        raise CorpusError(
            f"a calibration takes {FEWEST_SAMPLES} samples with music in {FEWEST_GROUPS} groups; "
            f"there are {len(samples)} in {len(np.unique(groups)) if len(samples) else 0}"
        )
    truth = np.array([list(EMOTIONS).index(each.label) for each in samples])  # type: ignore[arg-type]
    tables = np.array([[list(p.probabilities.values()) for p in each] for each in found])
    chosen = _best_factor(truth, tables)
    kept = [each[chosen] for each in found]
    right = [answer.emotion == sample.label for answer, sample in zip(kept, samples, strict=True)]
    return Recalibration(
        calibration=Calibration(
            temperature=round(old.temperature * FACTORS[chosen], 4),
            abstain_below=old.abstain_below,
            reliability=right_by_confidence([each.confidence for each in kept], right, _EDGES),
        ),
        samples=len(samples),
        groups=len(np.unique(groups)),
        error_before=expected_calibration_error(truth, tables[:, FACTORS.index(1.0)]),
        error_after=expected_calibration_error(truth, _held_out(truth, groups, tables)),
    )


def write_recalibrated(bundle: str | None, found: Recalibration, folder: AnyPath) -> None:
    """A copy of the bundle with the new calibration, whose card says what it was fitted on."""
    opened = open_bundle(bundle or DEFAULT)
    bands: list[dict[str, Any]] = [
        {**asdict(band), "right": round(band.right, 3)} for band in found.calibration.reliability
    ]
    calibration = {
        "temperature": found.calibration.temperature,
        "abstain_below": found.calibration.abstain_below,
        "reliability": bands,
        "reliability_of": f"{found.samples} labelled samples in {found.groups} groups of a user's",
        "fitted_from": opened.name,
    }
    card = {**opened.fields, "calibration": calibration}
    card["version"] = f"{opened.fields['version']}-calibrated"
    write_bundle(folder, card, {name: opened.read(name) for name in opened.card.files})


def _answered(
    dataset: Dataset,
    answers: Callable[[Excerpt], tuple[Prediction, ...]],
    workers: int | None,
    progress: Progress,
) -> tuple[list[Sample], list[tuple[Prediction, ...]]]:
    samples, found = [], []
    excerpts = [sample.excerpt for sample in dataset.samples]
    outcomes = run(answers, excerpts, workers=workers, limits=file_limits(attrgetter("path")))
    for done, (sample, outcome) in enumerate(zip(dataset.samples, outcomes, strict=True), 1):
        progress("answers", done, len(excerpts))
        if outcome.error is not None:
            if not is_of_the_file(outcome.error):
                raise outcome.error
        elif outcome.unwrap()[0].emotion is not None:
            samples.append(sample)
            found.append(outcome.unwrap())
    return samples, found


def _best_factor(truth: IntArray, tables: Float64Array) -> int:
    """The number of the factor under which the truth [N] is likeliest, of tables [N, F, K]."""
    own = np.take_along_axis(tables, truth[:, None, None], axis=2)[:, :, 0]
    return int(np.log(np.maximum(own, 1e-9)).mean(axis=0).argmax())


def _held_out(
    truth: IntArray, groups: Sequence[int] | IntArray, tables: Float64Array
) -> Float64Array:
    """Probabilities [N, K] of each sample at the factor that other groups choose."""
    kept = np.empty((len(truth), tables.shape[2]))
    folds = min(_FOLDS, len(np.unique(groups)))
    for fold in stratified_group_folds(truth, groups, folds, 0):
        kept[fold.test] = tables[fold.test, _best_factor(truth[fold.train], tables[fold.train])]
    return kept


@lru_cache(maxsize=1)
def _loaded(bundle: str | None) -> tuple[Recogniser, Calibration]:
    opened = open_bundle(bundle or DEFAULT)
    return load_recogniser(opened), calibration_of(opened)
