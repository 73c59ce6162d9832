"""Where the cells of a study are run, in parallel, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from moodprint.dataset.split_plan import Split
from moodprint.engine import Progress
from moodprint.errors import MissingExtraError
from moodprint.evaluation.validate import IntArray
from moodprint.models.classifiers.table import family
from moodprint.study.config import StudyConfig
from moodprint.study.leaderboard import Judged
from moodprint.study.trial import Cell, CellResult, CellStore, Table, run_cell

Pair = tuple[str, str]
"""A feature combination and a model, by name."""


@dataclass(frozen=True)
class Outcome:
    """The scores of a pair over all splits of a stage, with the row numbers [n] of the samples
    that were judged, and the seconds that it took."""

    judged: Judged
    rows: IntArray
    seconds: float


@dataclass
class Bench:
    """Runs cells of the ``tables`` (by feature combination) and keeps them in ``folder``.

    ``songs`` [N] are song numbers. ``failed`` gathers what models could not be run, and why.
    """

    config: StudyConfig
    tables: Mapping[str, Table]
    songs: IntArray
    folder: Path
    workers: int
    progress: Progress
    failed: dict[str, str] = field(default_factory=dict)

    def judge(
        self, splits: Sequence[Split], pairs: Sequence[Pair]
    ) -> dict[tuple[str, Pair], Outcome]:
        """The outcome of each stage among the splits for each pair whose model can be run here."""
        cells = [
            Cell(features, model, split, self.config.tune, self.config.seed)
            for features, model in pairs
            if self._can_run(model)
            for split in splits
        ]
        results = self._results(cells)
        gathered: dict[tuple[str, Pair], list[CellResult]] = {}
        for result in results:
            cell = result.cell
            gathered.setdefault((cell.split.stage, (cell.features, cell.model)), []).append(result)
        return {
            key: self._outcome(parts)
            for key, parts in gathered.items()
            if not any(part.error for part in parts)
        }

    def _can_run(self, model: str) -> bool:
        try:
            family(model).check()
        except MissingExtraError as error:
            self.failed[model] = str(error)
            return False
        return True

    def _results(self, cells: Sequence[Cell]) -> list[CellResult]:
        """One a cell, in any order: those of the store, then those that are run now."""
        store = CellStore(self.folder)
        results, waiting = [], []
        for cell in cells:
            known = store.get(cell, self.tables[cell.features])
            waiting += [cell] if known is None else []
            results += [] if known is None else [known]
        for done, result in enumerate(self._run(waiting), 1):
            if result.error is None:
                store.put(result, self.tables[result.cell.features])
            else:
                self.failed[f"{result.cell.features} {result.cell.model}"] = result.error
            results.append(result)
            self.progress("cells", done, len(waiting))
        return results

    def _run(self, cells: Sequence[Cell]) -> Iterator[CellResult]:
        if self.workers == 1 or len(cells) < 2:
            return (run_cell(cell, self.tables[cell.features]) for cell in cells)
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=self.workers, return_as="generator_unordered")
        jobs = (delayed(run_cell)(cell, self.tables[cell.features]) for cell in cells)
        results: Iterator[CellResult] = parallel(jobs)
        return results

    def _outcome(self, parts: Sequence[CellResult]) -> Outcome:
        rows = np.concatenate([part.cell.split.fold.test for part in parts])
        order = np.argsort(rows)
        table = self.tables[parts[0].cell.features]
        scores = np.concatenate([part.scores for part in parts])[order]
        rows = rows[order]
        judged = Judged(table.labels[rows], scores, self.songs[rows], table.groups[rows])
        return Outcome(judged, rows, sum(float(part.record["seconds"]) for part in parts))
