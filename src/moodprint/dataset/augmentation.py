"""Changed copies of training clips, by audiomentations: to learn from, never to be tested on."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.dataset.config import AugmentConfig
from moodprint.dataset.samples import Sample
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.errors import (
    InputError,
    MemoryLimitError,
    MissingExtraError,
    TimeLimitError,
    WorkerCrashedError,
    unknown_name,
)
from moodprint.files import atomic_file

TRANSFORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "time_stretch": ("TimeStretch", {"min_rate": 0.9, "max_rate": 1.1, "p": 0.5}),
    "pitch_shift": ("PitchShift", {"min_semitones": -2, "max_semitones": 2, "p": 0.5}),
    "noise": ("AddGaussianSNR", {"min_snr_db": 15, "max_snr_db": 40, "p": 0.5}),
    "gain": ("Gain", {"min_gain_db": -9, "max_gain_db": 6, "p": 0.8}),
    "equaliser": ("SevenBandParametricEQ", {"min_gain_db": -6, "max_gain_db": 6, "p": 0.5}),
    "low_pass": ("LowPassFilter", {"min_cutoff_freq": 3000, "max_cutoff_freq": 9000, "p": 0.5}),
}
"""By name: the class of audiomentations and its ranges, mild enough to leave the mood alone."""

_ENDED = (WorkerCrashedError, TimeLimitError, MemoryLimitError)
"""What ends the process that reads a file: that file has no copy, others may."""

_RATE_HZ = 22_050
"""The rate of the set `acoustic`, the highest that any set takes."""


@dataclass(frozen=True)
class _Job:
    """A copy to be written: of what, with which seed, and where."""

    excerpt: Excerpt
    seed: int
    path: Path


@dataclass(frozen=True)
class WriteCopy:
    """Writes one changed copy of an excerpt, the same for the same seed; a copy there stays. False
    where the excerpt cannot be read."""

    transforms: tuple[str, ...]

    def __call__(self, job: _Job) -> bool:
        import soundfile

        if job.path.is_file():
            return True
        try:
            clip = job.excerpt.decode(sample_rate_hz=_RATE_HZ, mono=True)
        except InputError:
            return False
        # audiomentations draws from the global generators; processes do not share them.
        random.seed(job.seed)
        np.random.seed(job.seed)  # noqa: NPY002
        changed = _chain(self.transforms)(clip.mono, _RATE_HZ)
        with atomic_file(job.path) as file:
            soundfile.write(file, np.clip(changed, -1, 1), _RATE_HZ, format="FLAC")
        return True


def augmented_copies(
    samples: Sequence[Sample],
    augment: AugmentConfig,
    folder: Path,
    *,
    seed: int = 0,
    workers: int | None = 1,
    progress: Progress = no_progress,
) -> list[Sample]:
    """``augment.factor`` changed copies of each sample, synthetic and with it as their origin.

    They are written under ``folder``, or taken from there. A sample that cannot be read has none;
    the extraction of features says why.

    Raises:
        MissingExtraError: audiomentations is not installed. OptionError: an unknown transform.
        NoPermissionError, InputError: a copy cannot be written.
    """
    if not augment.factor:
        return []
    _check(augment)
    copies, jobs = [], []
    for sample in samples:
        for number in range(augment.factor):
            job = _job(sample, number, augment, seed, folder)
            jobs.append(job)
            copies.append(_copy_of(sample, number, job.path))
    written = []
    limits = file_limits(attrgetter("excerpt.path"))
    outcomes = run(WriteCopy(augment.transforms), jobs, workers=workers, limits=limits)
    for done, (copy, outcome) in enumerate(zip(copies, outcomes, strict=True), 1):
        if outcome.error is None:
            written += [copy] * outcome.unwrap()
        elif not isinstance(outcome.error, _ENDED):
            raise outcome.error
        progress("copies", done, len(jobs))
    return written


def _job(sample: Sample, number: int, augment: AugmentConfig, seed: int, folder: Path) -> _Job:
    """The seed is by what the sample is; the name also by the file, which may be replaced."""
    excerpt = sample.excerpt
    identity = [sample.id, excerpt.start_s, excerpt.end_s, number, seed, augment.transforms]
    state = excerpt.path.stat() if excerpt.path.is_file() else None
    version = [state.st_size, state.st_mtime_ns] if state else []
    drawn = hashlib.blake2b(json.dumps(identity).encode(), digest_size=4).digest()
    name = hashlib.blake2b(json.dumps([identity, version]).encode(), digest_size=12).hexdigest()
    return _Job(excerpt, int.from_bytes(drawn, "big"), folder / f"{name}.flac")


def _copy_of(sample: Sample, number: int, path: Path) -> Sample:
    return replace(
        sample,
        id=f"{sample.id}+{number}",
        excerpt=Excerpt(path),
        origin=sample.id,
        synthetic=True,
        stretches=(),
    )


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
