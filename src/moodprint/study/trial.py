"""A cell of a study: one feature combination, one model, one split; run once, then kept."""

from __future__ import annotations

import hashlib
import json
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from moodprint.dataset.split_plan import Split
from moodprint.evaluation.validate import Float64Array, IntArray
from moodprint.files import atomic_file, write_atomically
from moodprint.models.classifiers.fit import Classifier, fit, tuned
from moodprint.models.classifiers.table import family


@dataclass(frozen=True)
class Cell:
    """What to learn: the columns of ``features`` by ``model``, on ``split``."""

    features: str
    model: str
    split: Split
    tune: bool = False
    seed: int = 0

    @property
    def name(self) -> str:
        return f"{self.features} {self.model} {self.split.stage}-{self.split.number}"


@dataclass(frozen=True)
class Table:
    """What all cells of a feature combination share, a row a sample.

    ``values`` [N, D], class numbers ``labels`` [N] in 0..K-1, ``groups`` [N].
    """

    values: npt.NDArray[np.float32]
    labels: IntArray
    groups: IntArray
    classes: int


@dataclass(frozen=True)
class CellResult:
    """``scores`` [n, K] of the rows that the split tests, in their order, and how they came about.

    ``record`` holds settings, timings and warnings; ``error`` says why there are no scores.
    """

    cell: Cell
    scores: Float64Array
    record: dict[str, Any]
    error: str | None = None


def run_cell(cell: Cell, table: Table) -> CellResult:
    """Fit on the training side, score the test side. A model that fails is told, not raised."""
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            model, settings = fitted(cell, table)
            scores = model.scores(table.values[cell.split.fold.test])
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
            return CellResult(cell, np.zeros((0, table.classes)), {}, str(error))
    record = {
        "features": cell.features,
        "model": cell.model,
        "stage": cell.split.stage,
        "fold": cell.split.number,
        "settings": settings,
        "seed": cell.seed,
        "learned_from": len(cell.split.fold.train),
        "judged_on": len(cell.split.fold.test),
        "columns": table.values.shape[1],
        "seconds": round(time.perf_counter() - start, 3),
        "warnings": sorted({str(each.message).splitlines()[0] for each in heard}),
    }
    return CellResult(cell, scores, record)


def fitted(cell: Cell, table: Table) -> tuple[Classifier, dict[str, Any]]:
    """The cell's model, and the settings that it was fitted with."""
    train, chosen = cell.split.fold.train, family(cell.model)
    values, labels = table.values[train], table.labels[train]
    settings: dict[str, Any] = {}
    if cell.tune:
        groups = table.groups[train]
        settings = tuned(chosen, values, labels, groups, table.classes, seed=cell.seed)
    model = fit(chosen, values, labels, table.classes, settings=settings, seed=cell.seed)
    return model, settings


@dataclass(frozen=True)
class CellStore:
    """Finished cells in a folder, found again by a hash of all that decides them."""

    folder: Path

    def get(self, cell: Cell, table: Table) -> CellResult | None:
        """The result of a cell that is done; None for one that is not, or cannot be read."""
        base = self._base(cell, table)
        try:
            record = json.loads(base.with_suffix(".json").read_text(encoding="utf-8"))
            scores = np.load(base.with_suffix(".npy"), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        if scores.shape != (len(cell.split.fold.test), table.classes):
            return None
        return CellResult(cell, scores, record)

    def put(self, result: CellResult, table: Table) -> None:
        """Keep a result; the record comes last, so a cell with a record is whole."""
        base = self._base(result.cell, table)
        with atomic_file(base.with_suffix(".npy")) as file:
            np.save(file, result.scores, allow_pickle=False)
        record = json.dumps(result.record, indent=2, sort_keys=True)
        write_atomically(base.with_suffix(".json"), record)

    def _base(self, cell: Cell, table: Table) -> Path:
        digest = hashlib.blake2b(digest_size=12)
        chosen = family(cell.model)
        told = [cell.features, str(chosen), cell.split.stage, cell.tune, cell.seed, table.classes]
        digest.update(json.dumps(told).encode())
        fold = cell.split.fold
        for rows in (fold.train, fold.test):
            digest.update(np.int64(len(rows)).tobytes())
            digest.update(np.ascontiguousarray(table.values[rows]).tobytes())
            digest.update(table.labels[rows].tobytes() + table.groups[rows].tobytes())
        return self.folder / digest.hexdigest()
