"""A trial of a study: one feature combination, one model, one fold; run once, then kept."""

from __future__ import annotations

import hashlib
import json
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.dataset.split_plan import StagedFold
from moodprint.evaluation.validate import Float64Array
from moodprint.files import atomic_file, write_atomically
from moodprint.models.classifiers.fit import Classifier, fit, tuned
from moodprint.models.classifiers.skops_file import dumped
from moodprint.models.classifiers.table import family
from moodprint.study.trial_table import TrialTable


@dataclass(frozen=True)
class Trial:
    """What to learn: the columns of ``features`` by ``model``, on ``fold``."""

    features: str
    model: str
    fold: StagedFold
    tune: bool = False
    seed: int = 0


@dataclass(frozen=True)
class TrialResult:
    """``scores`` [n, K] of the rows that the fold tests, in their order, and how they came about.

    ``record`` holds settings, timings and warnings; ``error`` says why there are no scores.
    """

    trial: Trial
    scores: Float64Array
    record: dict[str, Any]
    error: str | None = None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return float(self.record.get("seconds", 0.0))


def run_trial(trial: Trial, table: TrialTable) -> TrialResult:
    """Fit on the training side, score the test side. A model that fails gives a result with the
    error, and does not raise."""
    start = time.perf_counter()
    train, test = trial.fold.fold.train, trial.fold.fold.test
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model, settings = fitted(trial, table)
            scores = model.scores(table.values[test])
        except (ValueError, ArithmeticError, np.linalg.LinAlgError, MemoryError) as error:
            reason = str(error) or type(error).__name__
            return TrialResult(trial, np.zeros((0, table.classes)), {}, reason)
    record = {
        "features": trial.features,
        "model": trial.model,
        "stage": trial.fold.stage,
        "fold": trial.fold.number,
        "settings": settings,
        "seed": trial.seed,
        "learned_from": len(train),
        "tested_on": len(test),
        "columns": table.values.shape[1],
        "seconds": round(time.perf_counter() - start, 3),
        "warnings": sorted({str(each.message).splitlines()[0] for each in caught}),
    }
    return TrialResult(trial, scores, record)


def fitted(trial: Trial, table: TrialTable) -> tuple[Classifier, dict[str, Any]]:
    """The trial's model, and the settings that it was fitted with."""
    train, chosen = trial.fold.fold.train, family(trial.model)
    values, truth = table.values[train], table.truth[train]
    settings: dict[str, Any] = {}
    if trial.tune:
        groups = table.groups[train]
        settings = tuned(chosen, values, truth, groups, table.classes, seed=trial.seed)
    model = fit(chosen, values, truth, table.classes, settings=settings, seed=trial.seed)
    return model, settings


@dataclass(frozen=True)
class FittedModel:
    """A fitted classifier as it is kept: its file, the classes that it learned, its settings."""

    content: bytes
    learned: tuple[int, ...]
    settings: dict[str, Any]


def fitted_model(trial: Trial, table: TrialTable) -> FittedModel:
    """The trial's model, to be kept. Raises MissingExtraError where skops is not installed."""
    classifier, settings = fitted(trial, table)
    return FittedModel(dumped(classifier), tuple(classifier.learned), settings)


@dataclass(frozen=True)
class TrialStore:
    """Finished trials in a folder, found again by a hash of all that decides them.

    ``digest`` is that of the table that a trial learns from.
    """

    folder: Path

    def get(self, trial: Trial, digest: str) -> TrialResult | None:
        """The result of a trial that is done; None for one that is not, or cannot be read."""
        base = self._base(trial, digest)
        try:
            record = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
            scores = np.load(base.with_suffix(".npy"), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        if not isinstance(record, dict) or len(scores) != len(trial.fold.fold.test):
            return None
        return TrialResult(trial, scores, record)

    def put(self, result: TrialResult, digest: str) -> None:
        """Keep a result; the record comes last, so a trial with a record is whole."""
        base = self._base(result.trial, digest)
        with atomic_file(base.with_suffix(".npy")) as file:
            np.save(file, result.scores, allow_pickle=False)
        record = json.dumps(result.record, indent=2, sort_keys=True)
        write_atomically(base.with_suffix(".json"), record)

    def _base(self, trial: Trial, digest: str) -> Path:
        model, fold = str(family(trial.model)), trial.fold.fold
        identity = [trial.features, model, trial.fold.stage, trial.tune, trial.seed, digest]
        name = hashlib.blake2b(json.dumps(identity).encode(), digest_size=12)
        for rows in (fold.train, fold.test):
            name.update(np.int64(len(rows)).tobytes() + rows.astype(np.int64).tobytes())
        return self.folder / name.hexdigest()
