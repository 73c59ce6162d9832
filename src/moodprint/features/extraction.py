"""Feature sets over many excerpts of files: a matrix, extracted in parallel, each part once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import readable_file
from moodprint.clip import FloatArray
from moodprint.engine import Progress, no_progress, run
from moodprint.errors import OptionError
from moodprint.features.cache import FeatureCache
from moodprint.features.feature_set import FeatureSet
from moodprint.files import hash_file


@dataclass(frozen=True)
class FeatureMatrix:
    """Values [N, D] of N excerpts under D named columns.

    ``problems`` tells by file why it could not be used; its rows are NaN.
    """

    values: FloatArray
    columns: tuple[str, ...]
    problems: dict[Path, str]

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Which rows have values [N]."""
        return np.asarray(np.isfinite(self.values).all(axis=1))


def feature_matrix(
    sets: Sequence[FeatureSet],
    excerpts: Sequence[Excerpt],
    *,
    cache: FeatureCache | None = None,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> FeatureMatrix:
    """The columns of all sets, side by side, for each excerpt in the order given.

    Work is handed out by file, so memory holds a file's excerpt a worker and the matrix.
    Column names are those of the sets, ``set:column``. ``progress`` counts files.

    Raises:
        OptionError: no set, or no excerpt. MissingExtraError, MissingWeightsError: a set
            cannot be used here.
    """
    if not sets or not excerpts:
        raise OptionError("a feature matrix takes at least one feature set and one excerpt")
    for each in sets:
        each.check()
    order = sorted(range(len(excerpts)), key=lambda row: str(excerpts[row].path))
    files = [list(rows) for _, rows in groupby(order, key=lambda row: excerpts[row].path)]
    columns = tuple(f"{each.name}:{column}" for each in sets for column in each.columns)
    values = np.full((len(excerpts), len(columns)), np.nan, np.float32)
    problems = {}
    items = [tuple(excerpts[row] for row in rows) for rows in files]
    stage = f"features {'+'.join(each.name for each in sets)}"
    work = ExtractFile(tuple(sets), cache)
    for done, outcome in enumerate(run(work, items, workers=workers), 1):
        if outcome.error is None:
            values[files[done - 1]] = outcome.unwrap()
        else:
            problems[outcome.item[0].path] = str(outcome.error)
        progress(stage, done, len(files))
    return FeatureMatrix(values, columns, problems)


@dataclass(frozen=True)
class ExtractFile:
    """All sets over the excerpts of one file: [n, D]. What the cache has is not done again."""

    sets: tuple[FeatureSet, ...]
    cache: FeatureCache | None = None

    def __call__(self, excerpts: tuple[Excerpt, ...]) -> FloatArray:
        path = readable_file(excerpts[0].path)
        content = hash_file(path) if self.cache else ""
        return np.concatenate([self._one(each, excerpts, content) for each in self.sets], axis=1)

    def _one(self, one: FeatureSet, excerpts: tuple[Excerpt, ...], content: str) -> FloatArray:
        if self.cache is None:
            return _extract(one, excerpts)
        times = [(excerpt.start_s, excerpt.end_s) for excerpt in excerpts]
        key = self.cache.key(content, one.fingerprint, times)
        values = self.cache.get(key)
        if values is None or values.shape != (len(excerpts), len(one.columns)):
            values = _extract(one, excerpts)
            self.cache.put(key, values)
        return values


def _extract(one: FeatureSet, excerpts: tuple[Excerpt, ...]) -> FloatArray:
    clips = (each.decode(sample_rate_hz=one.sample_rate_hz, mono=True) for each in excerpts)
    return np.stack([one.extract(clip) for clip in clips])
