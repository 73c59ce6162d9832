"""How near made music lies to real music, beside what is known to be near and far.

Two networks look at each sound: MusiCNN, and our own below its heads. They learned from different
music and for different ends; ours had MusiCNN among its teachers, so they are not strangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.audio.media import find_media
from moodprint.clip import Clip, FloatArray
from moodprint.engine import Progress, file_limits, no_progress, run
from moodprint.errors import NoMediaFoundError
from moodprint.evaluation.bootstrap import Interval
from moodprint.evaluation.generated.frechet import frechet_distance
from moodprint.evaluation.generated.kernel import kernel_distance
from moodprint.evaluation.generated.nearest import mean_distance
from moodprint.features.ear_embedding import EarEmbedding
from moodprint.features.extraction import why_left_out
from moodprint.features.musicnn import Musicnn

RATE_HZ = 16_000
"""That of both networks."""

SECONDS = 10.0
SHUFFLED_S = 0.33
"""Music in pieces of this length, in another order, has its timbres and not its tunes."""

FEWEST = 8
"""Files of each kind: fewer give no distances worth a number."""

_RESAMPLES = 200
_LARGEST_EFFORT = 8


@dataclass(frozen=True)
class Likeness:
    """A set of sounds beside one half of the real ones, by one network: its kernel and Frechet
    distances from them, with an interval for the first, and how varied it is beside them
    (``diversity``, 1 as varied as they)."""

    files: int
    kernel: Interval
    frechet: float
    diversity: float


@dataclass(frozen=True)
class LikenessReport:
    """By network (``musicnn``, ``ear``), then by set: ``made``, and for comparison ``real`` (the
    other half), ``shuffled`` (that half in small pieces) and ``noise``; ``left_out`` names files
    that could not be used, with why."""

    seconds: float
    scores: dict[str, dict[str, Likeness]]
    left_out: dict[str, str]


def likeness(
    made: str | PathLike[str],
    real: str | PathLike[str],
    *,
    seconds: float = SECONDS,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> LikenessReport:
    """Of all sounds of two folders, the middle ``seconds`` of each. Real files are halved by a
    draw; all sets are brought to the size of the smallest, which Frechet distances need.

    Raises:
        NoMediaFoundError: a folder holds fewer sounds than FEWEST, twice as many for ``real``.
    """
    kinds = {"made": _files(Path(made), FEWEST), "real": _files(Path(real), 2 * FEWEST)}
    paths = [path for files in kinds.values() for path in files]
    embedded, left_out = _embedded(paths, seconds, seed, workers, progress)
    sounds = {
        name: [embedded[path] for path in files if path in embedded]
        for name, files in kinds.items()
    }
    for name, fewest in (("made", FEWEST), ("real", 2 * FEWEST)):
        _check(name, len(sounds[name]), fewest)
    reference, sets = _sets(sounds["made"], sounds["real"], seconds, np.random.default_rng(seed))
    scores = {
        network: {
            name: _likeness(_table(reference, network), _table(each, network), seed)
            for name, each in sets.items()
        }
        for network in NETWORKS
    }
    return LikenessReport(seconds, scores, left_out)


def _sets(
    made: list[Embedded], real: list[Embedded], seconds: float, rng: np.random.Generator
) -> tuple[list[Embedding], dict[str, list[Embedding]]]:
    """One half of the real sounds, and what is compared with it, all of one size."""
    halves = np.array_split(rng.permutation(len(real)), 2)
    count = min(len(made), *map(len, halves))
    reference, other = ([real[at] for at in half[:count]] for half in halves)
    picked = [made[at] for at in rng.permutation(len(made))[:count]]
    return [each.plain for each in reference], {
        "made": [each.plain for each in picked],
        "real": [each.plain for each in other],
        "shuffled": [each.shuffled for each in other],
        "noise": [_embedding(_noise(seconds, rng)) for _ in range(count)],
    }


def _table(sounds: list[Embedding], network: str) -> FloatArray:
    return np.stack([each[network] for each in sounds])


NETWORKS = {"musicnn": Musicnn(), "ear": EarEmbedding()}

Embedding = dict[str, FloatArray]
"""What each network makes of a sound [D]."""


@dataclass(frozen=True)
class Embedded:
    """Of a sound, and of the same in small pieces in another order."""

    plain: Embedding
    shuffled: Embedding


@dataclass(frozen=True)
class EmbedFile:
    """Embeds the middle of a file; sent to worker processes."""

    seconds: float
    seed: int

    def __call__(self, path: Path) -> Embedded:
        """Raises InputError and its kinds."""
        clip = Excerpt.middle(path, self.seconds).decode(sample_rate_hz=RATE_HZ, mono=True)
        return embed(clip.mono, np.random.default_rng(self.seed))


def embed(samples: FloatArray, rng: np.random.Generator) -> Embedded:
    """Of samples [N] at RATE_HZ."""
    step = round(SHUFFLED_S * RATE_HZ)
    pieces = [samples[first : first + step] for first in range(0, len(samples), step)]
    shuffled = np.concatenate([pieces[at] for at in rng.permutation(len(pieces))])
    return Embedded(_embedding(samples), _embedding(shuffled))


def _embedding(samples: FloatArray) -> Embedding:
    clip = Clip(samples, RATE_HZ)
    return {name: network.extract(clip) for name, network in NETWORKS.items()}


def _embedded(
    paths: Sequence[Path], seconds: float, seed: int, workers: int | None, progress: Progress
) -> tuple[dict[Path, Embedded], dict[str, str]]:
    found: dict[Path, Embedded] = {}
    left_out: dict[str, str] = {}
    limits = file_limits(effort=_LARGEST_EFFORT)
    outcomes = run(EmbedFile(seconds, seed), paths, workers=workers, limits=limits)
    for done, outcome in enumerate(outcomes, 1):
        if outcome.error is None:
            found[outcome.item] = outcome.unwrap()
        else:
            left_out[str(outcome.item)] = why_left_out(outcome.error)
        progress("embedding", done, len(paths))
    return found, left_out


def _likeness(real: FloatArray, other: FloatArray, seed: int) -> Likeness:
    low, high = np.quantile(list(_halved(real, other, seed)), [0.025, 0.975])
    return Likeness(
        files=len(other),
        kernel=Interval(kernel_distance(real, other), float(low), float(high)),
        frechet=frechet_distance(real, other),
        diversity=mean_distance(other) / mean_distance(real),
    )


def _halved(real: FloatArray, other: FloatArray, seed: int) -> Iterator[float]:
    """Kernel distances of random halves of both sets. They spread as those of whole sets would
    (delete-half jackknife: Shao and Tu, The Jackknife and Bootstrap, 1995); draws with replacement
    would hold rows twice, which lie at no distance."""
    rng = np.random.default_rng(seed)
    for _ in range(_RESAMPLES):
        yield kernel_distance(_half(real, rng), _half(other, rng))


def _half(table: FloatArray, rng: np.random.Generator) -> FloatArray:
    return table[rng.permutation(len(table))[: len(table) // 2]]


def _noise(seconds: float, rng: np.random.Generator) -> FloatArray:
    return rng.normal(0, 0.1, round(seconds * RATE_HZ)).astype(np.float32)


def _files(folder: Path, fewest: int) -> list[Path]:
    files = find_media(folder)
    _check(str(folder), len(files), fewest)
    return files


def _check(name: str, count: int, fewest: int) -> None:
    if count < fewest:
        raise NoMediaFoundError(f"{name}: {count} sounds; {fewest} or more are compared")
