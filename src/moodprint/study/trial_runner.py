"""Where the trials of a study are run, in parallel, each once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self, cast

import numpy as np

from moodprint.dataset.split_plan import StagedFold
from moodprint.engine import Crew, Engine, Outcome, Progress, no_progress
from moodprint.errors import MissingExtraError, WorkerCrashedError
from moodprint.evaluation import HeldOutScores
from moodprint.evaluation.validate import IntArray
from moodprint.models.classifiers.table import family
from moodprint.study.config import StudyConfig
from moodprint.study.pace import Pace
from moodprint.study.trial import (
    FittedModel,
    Trial,
    TrialResult,
    TrialStore,
    fitted_model,
    run_trial,
)
from moodprint.study.trial_table import StoredTable, TrialTable

Pair = tuple[str, str]
"""A feature combination and a model, by name."""


@dataclass(frozen=True)
class StageScores:
    """The scores of a pair over all folds of a stage, with the row numbers [n] of the samples
    that were tested on, and the seconds that it took."""

    held_out: HeldOutScores
    rows: IntArray
    seconds: float


@dataclass(frozen=True)
class ToKeep:
    """A trial whose model is wanted, and not its scores."""

    trial: Trial


@dataclass(frozen=True)
class RunTrial:
    """Runs a trial and keeps its result, or gives its model; sent to a worker process once, with
    paths for tables."""

    tables: Mapping[str, StoredTable]
    store: TrialStore

    def __call__(self, work: Trial | ToKeep) -> TrialResult | FittedModel:
        if isinstance(work, ToKeep):
            return fitted_model(work.trial, self.tables[work.trial.features].load())
        trial, table = work, self.tables[work.features]
        result = run_trial(trial, table.load())
        if result.error is None:
            self.store.put(result, table.digest)
        return result


@dataclass
class TrialRunner:
    """Runs trials on the ``tables`` (by feature combination) and keeps them under ``folder``.

    ``songs`` [N] are song numbers. ``failed`` gathers what models could not be run, and why.
    As a context it leaves neither processes nor tables behind.
    """

    config: StudyConfig
    tables: Mapping[str, TrialTable]
    songs: IntArray
    folder: Path
    workers: int | None = None
    engine: Engine | None = None
    progress: Progress = no_progress
    failed: dict[str, str] = field(default_factory=dict)

    def scores(
        self, folds: Sequence[StagedFold], pairs: Sequence[Pair]
    ) -> dict[tuple[str, Pair], StageScores]:
        """The scores at each stage of the folds for each pair whose model can be run here.

        A pair of which a trial failed has none, and is told in ``failed``.
        """
        trials = [
            Trial(features, model, fold, self.config.tune, self.config.seed)
            for features, model in pairs
            if self._can_run(model)
            for fold in folds
        ]
        by_stage: dict[tuple[str, Pair], list[TrialResult]] = {}
        for result in self._results(trials):
            trial = result.trial
            pair = (trial.features, trial.model)
            by_stage.setdefault((trial.fold.stage, pair), []).append(result)
        return {
            key: self._stage_scores(results)
            for key, results in by_stage.items()
            if not any(result.error for result in results)
        }

    def model(self, pair: Pair, fold: StagedFold) -> FittedModel:
        """The model of a pair, fitted on the training side of a fold.

        Raises:
            MissingExtraError: skops is not installed.
        """
        work = ToKeep(Trial(*pair, fold, self.config.tune, self.config.seed))
        [outcome] = self._run([work])
        return cast(FittedModel, outcome.unwrap())

    def clean_up(self) -> None:
        """End the workers, and remove the tables that were written for them; finished trials
        stay."""
        self._crew.close()
        shutil.rmtree(self._stored, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clean_up()

    @property
    def _stored(self) -> Path:
        return self.folder / "tables"

    @cached_property
    def _work(self) -> RunTrial:
        tables = {name: StoredTable.of(each, self._stored) for name, each in self.tables.items()}
        return RunTrial(tables, TrialStore(self.folder / "trials"))

    @cached_property
    def _crew(self) -> Crew[Trial | ToKeep, TrialResult | FittedModel]:
        """The same workers for all stages: each has to load a library of models first."""
        return Crew(self._work, engine=self.engine, workers=self.workers)

    def _can_run(self, model: str) -> bool:
        try:
            family(model).check()
        except MissingExtraError as error:
            self.failed[model] = str(error)
            return False
        return True

    def _results(self, trials: Sequence[Trial]) -> list[TrialResult]:
        """One a trial: those of the store, then those that are run now."""
        store = self._work.store
        known = [store.get(trial, self.tables[trial.features].digest) for trial in trials]
        results = [result for result in known if result is not None]
        waiting = [trial for trial, result in zip(trials, known, strict=True) if result is None]
        # All cells' first folds first: then it is soon known which of them are slow.
        waiting.sort(key=lambda trial: trial.fold.number)
        pace = Pace(waiting, results)
        for result in self._run_trials(waiting):
            if result.error is not None:
                self.failed[f"{result.trial.features} {result.trial.model}"] = result.error
            results.append(result)
            self.progress("trials", pace.finish(result), len(waiting))
        return results

    def _run_trials(self, trials: Sequence[Trial]) -> Iterator[TrialResult]:
        for outcome in self._run(trials):
            if isinstance(outcome.error, WorkerCrashedError):
                trial = cast(Trial, outcome.item)
                yield TrialResult(trial, np.zeros((0, 0)), {}, str(outcome.error))
            else:
                yield cast(TrialResult, outcome.unwrap())

    def _run(
        self, work: Sequence[Trial] | Sequence[ToKeep]
    ) -> Iterator[Outcome[Trial | ToKeep, TrialResult | FittedModel]]:
        for each in work:
            name = (each.trial if isinstance(each, ToKeep) else each).features
            self._work.tables[name].write(self.tables[name])
        return self._crew.run(work)

    def _stage_scores(self, results: Sequence[TrialResult]) -> StageScores:
        results = sorted(results, key=lambda result: result.trial.fold.number)
        rows = np.concatenate([result.trial.fold.fold.test for result in results])
        order = np.argsort(rows, kind="stable")  # a repeated row keeps its folds' order
        table = self.tables[results[0].trial.features]
        scores = np.concatenate([result.scores for result in results])[order]
        rows = rows[order]
        held_out = HeldOutScores(table.truth[rows], scores, self.songs[rows], table.groups[rows])
        return StageScores(held_out, rows, sum(result.seconds for result in results))
