"""Where the trials of a study are run, in parallel, each once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from moodprint.dataset.split_plan import StagedFold
from moodprint.engine import Engine, Progress, no_progress, run
from moodprint.errors import MissingExtraError, WorkerCrashedError
from moodprint.evaluation import HeldOutScores
from moodprint.evaluation.validate import IntArray
from moodprint.models.classifiers.table import family
from moodprint.study.config import StudyConfig
from moodprint.study.trial import Trial, TrialResult, TrialStore, run_trial
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
class RunTrial:
    """Runs a trial and keeps its result; sent to a worker process once, with paths for tables."""

    tables: Mapping[str, StoredTable]
    store: TrialStore

    def __call__(self, trial: Trial) -> TrialResult:
        table = self.tables[trial.features]
        result = run_trial(trial, table.load())
        if result.error is None:
            self.store.put(result, table.digest)
        return result


@dataclass
class TrialRunner:
    """Runs trials on the ``tables`` (by feature combination) and keeps them under ``folder``.

    ``songs`` [N] are song numbers. ``failed`` gathers what models could not be run, and why.
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

    def clean_up(self) -> None:
        """Remove the tables that were written for workers; finished trials stay."""
        shutil.rmtree(self._stored, ignore_errors=True)

    @property
    def _stored(self) -> Path:
        return self.folder / "tables"

    def _can_run(self, model: str) -> bool:
        try:
            family(model).check()
        except MissingExtraError as error:
            self.failed[model] = str(error)
            return False
        return True

    def _results(self, trials: Sequence[Trial]) -> list[TrialResult]:
        """One a trial: those of the store, then those that are run now."""
        store = TrialStore(self.folder / "trials")
        known = [store.get(trial, self.tables[trial.features].digest) for trial in trials]
        results = [result for result in known if result is not None]
        waiting = [trial for trial, result in zip(trials, known, strict=True) if result is None]
        for done, result in enumerate(self._run(waiting, store), 1):
            if result.error is not None:
                self.failed[f"{result.trial.features} {result.trial.model}"] = result.error
            results.append(result)
            self.progress("trials", done, len(waiting))
        return results

    def _run(self, trials: Sequence[Trial], store: TrialStore) -> Iterator[TrialResult]:
        if not trials:
            return
        names = dict.fromkeys(trial.features for trial in trials)
        tables = {name: StoredTable.of(self.tables[name], self._stored) for name in names}
        work, workers = RunTrial(tables, store), self.workers if len(trials) > 1 else 1
        for outcome in run(work, trials, engine=self.engine, workers=workers):
            if isinstance(outcome.error, WorkerCrashedError):
                yield TrialResult(outcome.item, np.zeros((0, 0)), {}, str(outcome.error))
            else:
                yield outcome.unwrap()

    def _stage_scores(self, results: Sequence[TrialResult]) -> StageScores:
        rows = np.concatenate([result.trial.fold.fold.test for result in results])
        order = np.argsort(rows)
        table = self.tables[results[0].trial.features]
        scores = np.concatenate([result.scores for result in results])[order]
        rows = rows[order]
        held_out = HeldOutScores(table.truth[rows], scores, self.songs[rows], table.groups[rows])
        return StageScores(held_out, rows, sum(result.seconds for result in results))
