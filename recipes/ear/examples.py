"""The prepared items in memory: their sound, and what the teachers say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from moodprint.models.emotion_net.network_torch import FRAMES_PER_ROW
from recipes.ear.opinions import OPINIONS, Opinions
from recipes.ear.prepare import NOT_MUSIC, prepared_path
from recipes.ear.sources import Item
from recipes.ear.student import MUSICNN_TAGS, MUSICNN_WIDTH

FloatArray = np.ndarray

_FURTHEST = 4.0
"""Opinions are cut off so many deviations from their mean, so that outliers do not teach most."""


@dataclass(frozen=True)
class Targets:
    """What the teachers say of each of R rows.

    ``yamnet`` [R, 521] and ``tags`` [R, 50] are logits, ``opinions`` [R, 81] what mood heads make
    of both teachers. ``asked`` [R, 1] is 1 where MusiCNN was asked, whose are the tags, their
    embedding [R, 200] and the first opinions. ``embedding`` is YAMNet's, [R, 1024], until
    `Scaling` brings it to its principal components [R, P].
    """

    yamnet: np.ndarray
    embedding: np.ndarray
    tags: np.ndarray
    tags_embedding: np.ndarray
    opinions: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True)
class Example:
    """One item as prepared: log-mel steps [T, F] (uint8), chroma [R, 12] for R = T / 32 rows, and
    the teachers' targets, where they were loaded."""

    item: Item
    mel: np.ndarray
    chroma: np.ndarray
    targets: Targets | None = None

    @property
    def rows(self) -> int:
        """R: how many half seconds."""
        return len(self.mel) // FRAMES_PER_ROW

    @property
    def known_targets(self) -> Targets:
        """The targets, which training cannot do without.

        Raises:
            SystemExit: they were not loaded.
        """
        if self.targets is None:
            raise SystemExit(f"{self.item.path}: has no targets; load it with opinions")
        return self.targets

    def scaled(self, scaling: Scaling) -> Example:
        """With targets of about unit size."""
        return replace(self, targets=scaling(self.known_targets))


@dataclass(frozen=True)
class Components:
    """Leading principal components of a teacher's embedding, scaled so that the first has unit
    variance."""

    mean: FloatArray
    basis: FloatArray

    @classmethod
    def of(cls, samples: FloatArray, count: int) -> Components:
        """The leading ``count`` components of samples [N, D]."""
        mean = samples.mean(axis=0)
        _, _, basis = np.linalg.svd(samples - mean, full_matrices=False)
        scores = (samples - mean) @ basis[:count].T
        return cls(
            mean.astype(np.float32), (basis[:count].T / scores[:, 0].std()).astype(np.float32)
        )

    def __call__(self, embedding: FloatArray) -> FloatArray:
        return (embedding.astype(np.float32) - self.mean) @ self.basis


@dataclass(frozen=True)
class Scaling:
    """Brings what the teachers say to about unit size: ``tags_scale`` [200] divides MusiCNN's
    layer, ``opinions_mean`` and ``opinions_scale`` [81] are of the opinions."""

    components: Components
    tags_scale: FloatArray
    opinions_mean: FloatArray
    opinions_scale: FloatArray

    @classmethod
    def of(cls, examples: Sequence[Example], components: int) -> Scaling:
        """Over two rows of each example's embedding, and all rows that MusiCNN was asked about."""
        rng = np.random.default_rng(3)
        targets = [example.known_targets for example in examples]
        rows = [each.embedding[int(rng.integers(len(each.embedding)))] for each in targets * 2]
        hidden, opinions = (
            np.concatenate([getattr(each, name)[each.asked[:, 0] > 0] for each in targets])
            for name in ("tags_embedding", "opinions")
        )
        hidden, opinions = hidden.astype(np.float32), opinions.astype(np.float32)
        return cls(
            Components.of(np.array(rows, np.float32), components),
            tags_scale=hidden.std(axis=0) + 0.1,  # rectified: some units hardly ever speak
            opinions_mean=opinions.mean(axis=0),
            opinions_scale=opinions.std(axis=0) + 1e-3,
        )

    def __call__(self, targets: Targets) -> Targets:
        opinions = (targets.opinions - self.opinions_mean) / self.opinions_scale
        return replace(
            targets,
            embedding=self.components(targets.embedding).astype(np.float16),
            tags_embedding=(targets.tags_embedding / self.tags_scale).astype(np.float16),
            opinions=np.clip(opinions, -_FURTHEST, _FURTHEST).astype(np.float16),
        )


def load_examples(
    items: Sequence[Item], prepared: Path, opinions: Opinions | None = None
) -> list[Example]:
    """All items whose sound has been prepared; with ``opinions`` only those that the teachers were
    asked about, and with their targets."""
    return [example for item in items if (example := _load(item, prepared, opinions)) is not None]


def _load(item: Item, prepared: Path, opinions: Opinions | None) -> Example | None:
    path = prepared_path(prepared, item, "sound")
    if not path.exists():
        return None
    with np.load(path) as file:
        mel, chroma = file["mel"], file["chroma"]
    rows = len(mel) // FRAMES_PER_ROW
    if rows == 0:
        return None
    example = Example(item, mel[: rows * FRAMES_PER_ROW], filled(chroma[:rows], rows))
    if opinions is None:
        return example
    targets = _targets(item, prepared, rows, opinions)
    return replace(example, targets=targets) if targets else None


def _targets(item: Item, prepared: Path, rows: int, opinions: Opinions) -> Targets | None:
    """None where a teacher was not asked about the item."""
    first, second = (prepared_path(prepared, item, part) for part in ("yamnet", "musicnn"))
    music = item.corpus not in NOT_MUSIC
    if not first.exists() or (music and not second.exists()):
        return None
    with np.load(first) as file:
        yamnet, embedding = (filled(file[name][:rows], rows) for name in ("logits", "embedding"))
    if not music:
        tags, hidden, said, asked = (
            np.zeros((rows, width), np.float16)
            for width in (MUSICNN_TAGS, MUSICNN_WIDTH, OPINIONS, 1)
        )
        return Targets(yamnet, embedding, tags, hidden, said, asked)
    with np.load(second) as file:
        tags, dense = (filled(file[name][:rows], rows) for name in ("logits", "embedding"))
        asked = filled(file["asked"][:rows, None].astype(np.float16), rows)
    said = opinions(dense, embedding).astype(np.float16)
    return Targets(yamnet, embedding, tags, np.maximum(dense, 0), said, asked)


def filled(part: np.ndarray, length: int, value: float = 0.0) -> FloatArray:
    """Rows [N, D] and as many of ``value`` as ``length`` rows lack."""
    missing = length - len(part)
    return part if missing <= 0 else np.pad(part, ((0, missing), (0, 0)), constant_values=value)
