"""The features of a study: each set extracted once, combinations put together from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.dataset.samples import Sample
from moodprint.engine import Progress, no_progress
from moodprint.errors import MissingExtraError, MissingWeightsError, MoodprintError
from moodprint.features.cache import FeatureCache
from moodprint.features.extraction import column_names, feature_matrix
from moodprint.features.feature_set import FeatureSet
from moodprint.features.registry import feature_set
from moodprint.study.config import StudyConfig


@dataclass(frozen=True)
class Extracted:
    """Values [n, D] and column names by feature combination, over the n of N samples that are
    ``usable`` [N].

    ``skipped`` says by combination why it cannot be had here, ``problems`` by file why its samples
    were left out.
    """

    usable: npt.NDArray[np.bool_]
    values: dict[str, FloatArray]
    columns: dict[str, tuple[str, ...]]
    skipped: dict[str, str]
    problems: dict[str, str]


def extract(
    config: StudyConfig,
    samples: Sequence[Sample],
    cache: FeatureCache | None,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> Extracted:
    """All combinations that can be had here; samples that a set cannot read leave all of them.

    Raises:
        MoodprintError: none can be had, or no sample can be read.
    """
    sets, missing = _available(config)
    skipped = _skipped(config.features, missing)
    if len(skipped) == len(config.features):
        raise MoodprintError(f"no feature set can be had here: {'; '.join(missing.values())}")
    excerpts = [sample.excerpt for sample in samples]
    matrix = feature_matrix(
        list(sets.values()), excerpts, cache=cache, workers=workers, progress=progress
    )
    problems = {str(path): why for path, why in matrix.problems.items()}
    if not matrix.usable.any():
        raise MoodprintError(f"no sample can be read: {next(iter(problems.values()), '')}")
    columns = {each: _columns(each, sets) for each in config.features if each not in skipped}
    place = {column: number for number, column in enumerate(matrix.columns)}
    values = matrix.values[matrix.usable]
    return Extracted(
        usable=matrix.usable,
        values={each: values[:, [place[name] for name in of]] for each, of in columns.items()},
        columns=columns,
        skipped=skipped,
        problems=problems,
    )


def _available(config: StudyConfig) -> tuple[dict[str, FeatureSet], dict[str, str]]:
    """The sets that can be had here, by name, and why the others cannot."""
    found, missing = {}, {}
    for name in dict.fromkeys(name for each in config.features for name in each.split("+")):
        one = feature_set(name, config.feature_options.get(name))
        try:
            one.check()
        except (MissingExtraError, MissingWeightsError) as error:
            missing[name] = str(error)
        else:
            found[name] = one
    return found, missing


def _columns(combination: str, sets: Mapping[str, FeatureSet]) -> tuple[str, ...]:
    return tuple(column for name in combination.split("+") for column in column_names(sets[name]))


def _skipped(combinations: Sequence[str], missing: dict[str, str]) -> dict[str, str]:
    reasons = {each: [missing[n] for n in each.split("+") if n in missing] for each in combinations}
    return {each: "; ".join(why) for each, why in reasons.items() if why}
