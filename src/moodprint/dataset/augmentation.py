"""Changed copies of training clips, by audiomentations: to learn from, never to be judged on."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.samples import Sample
from moodprint.dataset.split_plan import plan
from moodprint.engine import Progress, run
from moodprint.errors import MissingExtraError, unknown_name
from moodprint.evaluation.validate import IntArray
from moodprint.files import atomic_file
from moodprint.study.config import AugmentConfig, StudyConfig

TRANSFORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "time_stretch": ("TimeStretch", {"min_rate": 0.9, "max_rate": 1.1, "p": 0.5}),
    "pitch_shift": ("PitchShift", {"min_semitones": -2, "max_semitones": 2, "p": 0.5}),
    "noise": ("AddGaussianSNR", {"min_snr_db": 15, "max_snr_db": 40, "p": 0.5}),
    "gain": ("Gain", {"min_gain_db": -9, "max_gain_db": 6, "p": 0.8}),
    "equaliser": ("SevenBandParametricEQ", {"min_gain_db": -6, "max_gain_db": 6, "p": 0.5}),
    "low_pass": ("LowPassFilter", {"min_cutoff_freq": 3000, "max_cutoff_freq": 9000, "p": 0.5}),
}
"""By name: the class of audiomentations and its ranges, mild enough to leave the mood alone."""

_RATE_HZ = 22_050


@dataclass(frozen=True)
class Copy:
    """Writes one changed copy of an excerpt, the same for the same seed; a copy there stays."""

    transforms: tuple[str, ...]

    def __call__(self, item: tuple[Excerpt, int, Path]) -> None:
        import soundfile

        excerpt, seed, path = item
        if path.is_file():
            return
        clip = excerpt.decode(sample_rate_hz=_RATE_HZ, mono=True)
        # audiomentations draws from the global generators; processes do not share them.
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        changed = _chain(self.transforms)(clip.mono, _RATE_HZ)
        with atomic_file(path) as file:
            soundfile.write(file, np.clip(changed, -1, 1), _RATE_HZ, format="FLAC")


def with_copies(
    samples: Sequence[Sample], config: StudyConfig, folder: Path, workers: int, progress: Progress
) -> list[Sample]:
    """The samples, and ``factor`` copies of each that the study may learn from.

    What the hold-out judges is not copied; what a fold judges has copies, which that fold leaves
    out (see protocol).

    Raises:
        MissingExtraError: audiomentations is not installed. OptionError: an unknown transform.
    """
    if config.augment.factor <= 0:
        return list(samples)
    _check(config.augment)
    copies = [
        _copy_of(sample, number, config, folder)
        for sample in _learned_from(samples, config)
        for number in range(config.augment.factor)
    ]
    items = [(origin.excerpt, seed, copy.excerpt.path) for origin, seed, copy in copies]
    made = []
    work = Copy(config.augment.transforms)
    for done, outcome in enumerate(run(work, items, workers=workers), 1):
        if outcome.error is None:
            made.append(copies[done - 1][2])
        progress("copies", done, len(items))
    return [*samples, *made]


def _learned_from(samples: Sequence[Sample], config: StudyConfig) -> list[Sample]:
    labels: IntArray = np.array([config.labels.index(each.label) for each in samples])
    holdout = plan(samples, labels, config).holdout
    judged = set(holdout.fold.test.tolist()) if holdout else set()
    return [each for row, each in enumerate(samples) if row not in judged and not each.made]


def _copy_of(
    sample: Sample, number: int, config: StudyConfig, folder: Path
) -> tuple[Sample, int, Sample]:
    """The sample, the seed of its copy, and the copy."""
    told = f"{sample.id} {number} {config.seed} {config.augment.transforms}"
    digest = hashlib.blake2b(told.encode(), digest_size=12)
    path = folder / f"{digest.hexdigest()}.flac"
    copy = replace(
        *(sample,),
        id=f"{sample.id}+{number}",
        excerpt=Excerpt(path),
        origin=sample.id,
        made=True,
    )
    return sample, int.from_bytes(digest.digest()[:4], "big"), copy


def _check(augment: AugmentConfig) -> None:
    if find_spec("audiomentations") is None:
        raise MissingExtraError("audiomentations", "study")
    for name in augment.transforms:
        if name not in TRANSFORMS:
            raise unknown_name("transform", name, TRANSFORMS)


@lru_cache(maxsize=4)
def _chain(names: tuple[str, ...]) -> Any:
    import audiomentations

    chosen = (TRANSFORMS[name] for name in names)
    return audiomentations.Compose(
        [getattr(audiomentations, kind)(**options) for kind, options in chosen], shuffle=True
    )
