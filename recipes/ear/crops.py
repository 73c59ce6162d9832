"""The prepared data in memory, and batches of crops drawn from it: mixed, and changed as recordings
change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from moodprint.models.emotion_net.network_torch import BANDS, FRAMES_PER_ROW
from recipes.ear.network import MUSICNN_TAGS, MUSICNN_WIDTH
from recipes.ear.prepare import FLOOR_DB, STEP_DB, from_bytes, prepared_path
from recipes.ear.recordings import dull, in_some_room, through_a_telephone, under
from recipes.ear.sources import Item

FloatArray = np.ndarray

MUSIC, SPEECH, OTHER = range(3)
_YAMNET_SPEECH, _YAMNET_MUSIC = 0, 132
LOWEST_LOGIT = -10.0
"""YAMNet's scores below 5e-5 tell nothing: what lies under them is not learned."""

_SILENT_DB = -70.0


@dataclass(frozen=True)
class Example:
    """One item as prepared: log-mel steps [T, F] (uint8); for R = T / 32 rows the teachers' answers
    and chroma [R, 12].

    ``embedding`` is YAMNet's, [R, 1024], until ``reduced`` brings it to its principal components.
    """

    item: Item
    mel: np.ndarray
    yamnet: np.ndarray
    embedding: np.ndarray
    tags: np.ndarray | None
    tags_embedding: np.ndarray | None
    chroma: np.ndarray | None = None

    @property
    def rows(self) -> int:
        """R: how many half seconds."""
        return len(self.yamnet)

    @property
    def known_chroma(self) -> np.ndarray:
        """The chroma, which heads cannot do without.

        Raises:
            SystemExit: it was not prepared.
        """
        if self.chroma is None:
            raise SystemExit(f"{self.item.path}: has no chroma; run prepare with --part chroma")
        return self.chroma

    def reduced(self, components: Components) -> Example:
        """With YAMNet's embedding as its principal components [R, P]."""
        return replace(self, embedding=components(self.embedding).astype(np.float16))


class Batch(NamedTuple):
    """Crops of the same length, with targets for each row; masks are 1 where a target is known."""

    mel_db: FloatArray
    presence: FloatArray
    yamnet: FloatArray
    embedding: FloatArray
    tags: FloatArray
    tags_embedding: FloatArray
    tags_known: FloatArray


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


def load_examples(items: Sequence[Item], prepared: Path) -> list[Example]:
    """All items that have been prepared; what MusiCNN says is left None where it was not asked, and
    so is the chroma."""
    return [example for item in items if (example := _load(item, prepared)) is not None]


def _load(item: Item, prepared: Path) -> Example | None:
    path = prepared_path(prepared, item, "yamnet")
    if not path.exists():
        return None
    second, third = (prepared_path(prepared, item, part) for part in ("musicnn", "chroma"))
    with np.load(path) as file:
        mel, yamnet, embedding = file["mel"], file["logits"], file["embedding"]
    rows = min(len(yamnet), len(mel) // FRAMES_PER_ROW)
    tags = tags_embedding = chroma = None
    if second.exists():
        with np.load(second) as file:
            tags, tags_embedding = file["logits"][:rows], file["embedding"][:rows]
    if third.exists():
        with np.load(third) as file:
            chroma = _filled(file["chroma"][:rows], rows, 0.0)
    if rows == 0:
        return None
    mel, yamnet, embedding = mel[: rows * FRAMES_PER_ROW], yamnet[:rows], embedding[:rows]
    return Example(item, mel, yamnet, embedding, tags, tags_embedding, chroma)


class Crops:
    """Random crops of ``rows`` rows: the music, with a share of it under speech or noise.

    Corpora are drawn by the square root of their length, so that a big one does not drown the rest.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        tags_scale: FloatArray,
        *,
        rows: int = 16,
        mixed: float = 0.4,
        seed: int = 0,
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._examples, self._rows, self._mixed = list(examples), rows, mixed
        self._tags_scale = tags_scale
        self._weights = _drawing_weights(examples)
        self._over = [
            index
            for index, example in enumerate(examples)
            if example.item.corpus in ("not_music", "espeak", "noise")
        ]

    def draw(self, size: int) -> Batch:
        """``size`` crops; the same seed draws the same ones."""
        indices = self._rng.choice(len(self._examples), size, p=self._weights)
        crops = [self._crop(self._examples[index]) for index in indices]
        return Batch(*(np.stack(part).astype(np.float32) for part in zip(*crops, strict=True)))

    def _crop(self, example: Example) -> Batch:
        crop = self._cut(example)
        if self._over and self._rng.random() < self._mixed:
            other = self._cut(self._examples[self._rng.choice(self._over)])
            crop = _mix(crop, other, level_db=self._rng.uniform(-20, 6))
        mel = _varied(_recorded(crop.mel_db, self._rng), self._rng)
        loud = mel.reshape(self._rows, FRAMES_PER_ROW, BANDS).max(axis=(1, 2)) > _SILENT_DB
        return crop._replace(mel_db=mel, presence=crop.presence * loud[:, None])

    def _cut(self, example: Example) -> Batch:
        rows = self._rows
        first = int(self._rng.integers(0, max(1, example.rows - rows + 1)))
        part = slice(first, first + rows)
        frames = slice(first * FRAMES_PER_ROW, (first + rows) * FRAMES_PER_ROW)
        yamnet = _filled(example.yamnet[part].astype(np.float32), rows, -14.0)
        tags, hidden = np.zeros((1, MUSICNN_TAGS)), np.zeros((1, MUSICNN_WIDTH))
        known = example.tags is not None
        if example.tags is not None and example.tags_embedding is not None:
            tags = example.tags[part]
            hidden = example.tags_embedding[part] / self._tags_scale
        return Batch(
            mel_db=_filled(from_bytes(example.mel[frames]), rows * FRAMES_PER_ROW, FLOOR_DB),
            presence=_presence(example.item, yamnet),
            yamnet=np.maximum(yamnet, LOWEST_LOGIT),
            embedding=_filled(example.embedding[part], rows, 0.0),
            tags=_filled(tags, rows, 0.0),
            tags_embedding=_filled(hidden, rows, 0.0),
            tags_known=np.full((rows, 1), float(known)),
        )


def _drawing_weights(examples: Sequence[Example]) -> FloatArray:
    rows: dict[str, float] = {}
    for example in examples:
        rows[example.item.corpus] = rows.get(example.item.corpus, 0.0) + example.rows
    share = np.array([example.rows / rows[example.item.corpus] ** 0.5 for example in examples])
    return share / share.sum()


def _presence(item: Item, yamnet: FloatArray) -> FloatArray:
    """Targets [R, 3] for music, speech, other: the label where there is one, else YAMNet's."""
    scores = 1 / (1 + np.exp(-yamnet[:, [_YAMNET_MUSIC, _YAMNET_SPEECH]]))
    target = np.zeros((len(yamnet), 3))
    if item.presence == "other":
        target[:, OTHER] = 1
    elif item.presence == "speech":
        target[:, SPEECH] = 1
    elif item.presence == "music":
        target[:, MUSIC], target[:, SPEECH] = 1, scores[:, 1]
    else:
        target[:, :OTHER] = scores
    return target


def _mix(music: Batch, other: Batch, level_db: float) -> Batch:
    """Another sound over the music, its loudest frames ``level_db`` above the music's.

    What the music says stays the target: a voice-over does not change the mood of the music.
    """
    mixed, _ = under(music.mel_db, other.mel_db, level_db)
    audible = level_db > -15
    return music._replace(
        mel_db=mixed,
        presence=np.maximum(music.presence, other.presence) if audible else music.presence,
        yamnet=np.maximum(music.yamnet, other.yamnet) if audible else music.yamnet,
    )


def _recorded(mel_db: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Some crops stand in a room, some come through a telephone or lack their treble, or both."""
    if rng.random() < 0.35:
        mel_db = in_some_room(mel_db, rng)
    lot = rng.random()
    if lot < 0.12:
        return through_a_telephone(mel_db, rng)
    return dull(mel_db, rng) if lot < 0.22 else mel_db


def _varied(mel_db: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Level, a tilt and bends of the spectrum, a band limit, a noise floor, and gaps in time and
    frequency (SpecAugment, Park et al. 2019)."""
    bands = np.arange(BANDS, dtype=np.float32)
    mel_db = mel_db + np.float32(rng.uniform(-14, 8))
    if rng.random() < 0.5:
        knots = rng.normal(0, 3.5, 5)
        mel_db = mel_db + np.interp(bands, np.linspace(0, BANDS - 1, 5), knots).astype(np.float32)
    if rng.random() < 0.2:
        mel_db = mel_db - np.maximum(0, bands - rng.integers(36, BANDS)) * np.float32(
            rng.uniform(4, 20)
        )
    if rng.random() < 0.2:
        mel_db = mel_db - np.maximum(0, rng.integers(0, 14) - bands) * np.float32(rng.uniform(2, 8))
    if rng.random() < 0.2:
        mel_db = np.maximum(mel_db, np.float32(rng.uniform(-95, -60)))
    if rng.random() < 0.4:
        first, width = rng.integers(0, BANDS - 8), rng.integers(1, 8)
        mel_db[:, first : first + width] = mel_db.min()
    if rng.random() < 0.4:
        first, width = rng.integers(0, len(mel_db) - 24), rng.integers(1, 24)
        mel_db[first : first + width] = mel_db.min()
    return np.clip(mel_db, FLOOR_DB, FLOOR_DB + 300 * STEP_DB)


def _filled(part: np.ndarray, length: int, value: float) -> FloatArray:
    missing = length - len(part)
    return part if missing <= 0 else np.pad(part, ((0, missing), (0, 0)), constant_values=value)
