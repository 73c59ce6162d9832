"""Feature sets over many excerpts of files: a matrix, extracted in parallel, each part once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moodprint.audio.decode_options import DEFAULT_OPTIONS
from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import readable_file
from moodprint.clip import FloatArray
from moodprint.engine import Limits, Progress, file_limits, no_progress, run
from moodprint.errors import (
    InputError,
    MemoryLimitError,
    MoodprintError,
    OptionError,
    TimeLimitError,
    is_of_the_file,
)
from moodprint.features.cache import FeatureCache
from moodprint.features.feature_set import FeatureSet
from moodprint.files import hash_file

_EFFORT = 4
"""A set takes up to four times as long as an analysis, for which limits are made."""


@dataclass(frozen=True)
class FeatureMatrix:
    """Values [N, D] of N excerpts under D named columns.

    ``problems`` tells by file why it could not be used; its rows are NaN. ``warnings`` tells what
    was odd about others, unless their values were in the cache.
    """

    values: FloatArray
    columns: tuple[str, ...]
    problems: dict[Path, str]
    warnings: dict[Path, tuple[str, ...]] = field(default_factory=dict)

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

    Work is handed out by file, to processes of their own (see ``engine.file_limits``), so memory
    holds a file's excerpt a worker and the matrix.
    Column names are those of the sets, ``set:column``. ``progress`` counts files.

    Raises:
        OptionError: no set, or no excerpt. MissingExtraError, MissingWeightsError: a set
            cannot be used here.
    """
    if not sets or not excerpts:
        raise OptionError("a feature matrix takes at least one feature set and one excerpt")
    for each in sets:
        each.check()
    files = _rows_by_file(excerpts)
    columns = tuple(name for each in sets for name in column_names(each))
    values = np.full((len(excerpts), len(columns)), np.nan, np.float32)
    problems: dict[Path, str] = {}
    warnings: dict[Path, tuple[str, ...]] = {}
    items = [tuple(excerpts[row] for row in rows) for rows in files]
    stage = f"features {'+'.join(each.name for each in sets)}"
    work = ExtractFile(tuple(sets), cache)
    for done, outcome in enumerate(run(work, items, workers=workers, limits=_limits(sets)), 1):
        path = _path(outcome.item)
        if outcome.error is None:
            values[files[done - 1]] = outcome.unwrap().values
            warnings[path] = outcome.unwrap().warnings
        else:
            problems[path] = why_left_out(outcome.error)
        progress(stage, done, len(files))
    warnings = {path: texts for path, texts in warnings.items() if texts}
    return FeatureMatrix(values, columns, problems, warnings)


def column_names(one: FeatureSet) -> tuple[str, ...]:
    """The names of a set's columns in a matrix: ``set:column``."""
    return tuple(f"{one.name}:{column}" for column in one.columns)


def _rows_by_file(excerpts: Sequence[Excerpt]) -> list[list[int]]:
    """The numbers of the excerpts of each file."""
    order = sorted(range(len(excerpts)), key=lambda row: str(excerpts[row].path))
    return [list(rows) for _, rows in groupby(order, key=lambda row: excerpts[row].path)]


def why_left_out(error: Exception) -> str:
    """Why a file is left out; raises the error where it is not the file's fault."""
    if isinstance(error, MoodprintError) and not is_of_the_file(error):
        raise error
    reason = str(error) or type(error).__name__
    if isinstance(error, (MemoryLimitError, TimeLimitError)):
        reason += "; --longest takes less of it"
    return reason


def _limits(sets: Sequence[FeatureSet]) -> Limits:
    memory_bytes = max(each.memory_bytes for each in sets)
    return file_limits(_path, effort=_EFFORT * len(sets), memory_bytes=memory_bytes)


def _path(excerpts: tuple[Excerpt, ...]) -> Path:
    return excerpts[0].path


@dataclass(frozen=True)
class FileFeatures:
    """The values [n, D] of the excerpts of a file, and the warnings of their decoding; none where
    the values come from the cache."""

    values: FloatArray
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtractFile:
    """All sets over the excerpts of one file. What the cache has is not done again."""

    sets: tuple[FeatureSet, ...]
    cache: FeatureCache | None = None

    def __call__(self, excerpts: tuple[Excerpt, ...]) -> FileFeatures:
        path = readable_file(excerpts[0].path)
        content = hash_file(path) if self.cache else ""
        found = [self._one(each, excerpts, content) for each in self.sets]
        warnings = dict.fromkeys(warning for each in found for warning in each.warnings)
        return FileFeatures(np.concatenate([each.values for each in found], 1), tuple(warnings))

    def _one(self, one: FeatureSet, excerpts: tuple[Excerpt, ...], content: str) -> FileFeatures:
        if self.cache is None:
            return _extract(one, excerpts)
        key = self.cache.key(content, one.fingerprint, [_cut(excerpt) for excerpt in excerpts])
        values = self.cache.get(key)
        if values is not None and values.shape == (len(excerpts), len(one.columns)):
            return FileFeatures(values)
        found = _extract(one, excerpts)
        with suppress(InputError):  # a full disk is no fault of the file's
            self.cache.put(key, found.values)
        return found


def _cut(excerpt: Excerpt) -> tuple[object, ...]:
    """What is cut from a file, as a name in the cache."""
    times = (excerpt.start_s, excerpt.end_s)
    return times if excerpt.options == DEFAULT_OPTIONS else (*times, *astuple(excerpt.options))


def _extract(one: FeatureSet, excerpts: tuple[Excerpt, ...]) -> FileFeatures:
    rows = []
    warnings: dict[str, None] = {}
    for excerpt in excerpts:
        clip = excerpt.decode(sample_rate_hz=one.sample_rate_hz, mono=True)
        rows.append(one.extract(clip))
        warnings |= dict.fromkeys(clip.origin.warnings)
    return FileFeatures(np.stack(rows), tuple(warnings))
