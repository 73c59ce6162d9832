"""The features of a study: each set extracted once, combinations put together from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.dataset.samples import Sample
from moodprint.engine import Progress, no_progress
from moodprint.errors import MissingExtraError, MissingWeightsError, MoodprintError
from moodprint.features.cache import FeatureCache
from moodprint.features.extraction import feature_matrix
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
    excerpts = [sample.excerpt for sample in samples]
    names = list(dict.fromkeys(name for each in config.features for name in each.split("+")))
    found, missing = {}, {}
    for name in names:
        try:
            found[name] = feature_matrix(
                [feature_set(name, config.feature_options.get(name))],
                excerpts,
                cache=cache,
                workers=workers,
                progress=progress,
            )
        except (MissingExtraError, MissingWeightsError) as error:
            missing[name] = str(error)
    problems = {str(path): why for m in found.values() for path, why in m.problems.items()}
    skipped = _skipped(config.features, missing)
    if not found or len(skipped) == len(config.features):
        raise MoodprintError(f"no feature set can be had here: {'; '.join(missing.values())}")
    usable = np.logical_and.reduce([matrix.usable for matrix in found.values()])
    if not usable.any():
        raise MoodprintError(f"no sample can be read: {next(iter(problems.values()), '')}")
    parts = {each: each.split("+") for each in config.features if each not in skipped}
    return Extracted(
        usable=usable,
        values={
            each: np.concatenate([found[name].values[usable] for name in of], axis=1)
            for each, of in parts.items()
        },
        columns={
            each: tuple(column for name in of for column in found[name].columns)
            for each, of in parts.items()
        },
        skipped=skipped,
        problems=problems,
    )


def _skipped(combinations: Sequence[str], missing: dict[str, str]) -> dict[str, str]:
    reasons = {each: [missing[n] for n in each.split("+") if n in missing] for each in combinations}
    return {each: "; ".join(why) for each, why in reasons.items() if why}
