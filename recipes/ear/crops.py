"""Batches of crops drawn from the prepared items: mixed, brought to one loudness, and changed as
recordings change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from moodprint.audio.programme_level import gain_to_level_db
from moodprint.models.emotion_net.network_torch import BANDS, FRAMES_PER_ROW
from recipes.ear.examples import Example, FloatArray, filled
from recipes.ear.jamendo import JAMENDO_OUTPUTS
from recipes.ear.opinions import MOOD_OUTPUTS
from recipes.ear.prepare import FLOOR_DB, NOT_MUSIC, STEP_DB, from_bytes, row_levels_db
from recipes.ear.recordings import clipped, dull, in_some_room, through_a_telephone, under
from recipes.ear.sources import Item

MUSIC, SPEECH, OTHER = range(3)
_YAMNET_SPEECH, _YAMNET_MUSIC = 0, 132
LOWEST_LOGIT = -10.0
"""YAMNet's scores below 5e-5 tell nothing: what lies under them is not learned."""

_SILENT_DB = -70.0

_VOICE_DB, _SOUND_DB = (-10.0, 25.0), (-20.0, 6.0)
"""How far a voice, and another sound, lies above the music at least and at most."""
_VOICES = 0.75
"""The share of voices among what is mixed over music: the commonest thing over it in a video."""

_INAUDIBLE_DB = -15.0
"""What lies this far under the music is not asked for."""
_DROWNING_DB, _DROWNED_DB = 12.0, 28.0
"""Music this far below another sound begins to be lost, and is lost."""

_CLIPPED = 0.15
"""The share of crops that were recorded too loud."""

SOLO_PIANO = ("emopia", "vgmidi")
"""Rendered from MIDI. Jamendo's tags are not asked of it: its music has bands and productions, and
heads that heard them on solo piano were righter on games and wronger on piano (DIARY.md)."""

_LEVEL_DEVIATION_DB = 2.5
"""A passage is softer or louder than the recording that it is of."""


class Batch(NamedTuple):
    """Crops of the same length, with targets for each row; masks are 1 where a target is known."""

    mel_db: FloatArray
    presence: FloatArray
    yamnet: FloatArray
    embedding: FloatArray
    tags: FloatArray
    tags_embedding: FloatArray
    opinions: FloatArray
    tags_known: FloatArray
    opinions_known: FloatArray


class Crops:
    """Random crops of ``rows`` rows: the music, a share ``mixed`` of it under speech or noise,
    brought to one loudness as before the network that ships.

    Corpora are drawn by the square root of their length, so that a big one does not drown the rest.
    """

    def __init__(
        self, examples: Sequence[Example], *, rows: int = 16, mixed: float = 0.5, seed: int = 0
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._examples, self._rows, self._mixed = list(examples), rows, mixed
        self._weights = _drawing_weights(examples)
        self._voices, self._sounds = (
            [example for example in examples if example.item.presence == kind]
            for kind in ("speech", "other")
        )

    def draw(self, size: int) -> Batch:
        """``size`` crops; the same seed draws the same ones."""
        indices = self._rng.choice(len(self._examples), size, p=self._weights)
        crops = [self._crop(self._examples[index]) for index in indices]
        return Batch(*(np.stack(part).astype(np.float32) for part in zip(*crops, strict=True)))

    def _crop(self, example: Example) -> Batch:
        crop = self._cut(example)
        if self._rng.random() < self._mixed:
            crop = self._mixed_with_another(crop)
        mel = _recorded(crop.mel_db, self._rng)
        gain_db = gain_to_level_db(row_levels_db(mel)) + self._rng.normal(0, _LEVEL_DEVIATION_DB)
        mel = _varied(mel + np.float32(gain_db), self._rng)
        loud = mel.reshape(self._rows, FRAMES_PER_ROW, BANDS).max(axis=(1, 2)) > _SILENT_DB
        return crop._replace(mel_db=mel, presence=crop.presence * loud[:, None])

    def _mixed_with_another(self, crop: Batch) -> Batch:
        voice = bool(self._voices) and self._rng.random() < _VOICES
        others = self._voices if voice else self._sounds
        if not others:
            return crop
        other = self._cut(others[int(self._rng.integers(len(others)))])
        return _mix(crop, other, self._rng.uniform(*(_VOICE_DB if voice else _SOUND_DB)))

    def _cut(self, example: Example) -> Batch:
        rows, targets = self._rows, example.known_targets
        first = int(self._rng.integers(0, max(1, example.rows - rows + 1)))
        part = slice(first, first + rows)
        frames = slice(first * FRAMES_PER_ROW, (first + rows) * FRAMES_PER_ROW)
        yamnet = filled(targets.yamnet[part].astype(np.float32), rows, -14.0)
        asked, there = targets.asked[part], np.ones_like(targets.asked[part])
        music = there * (example.item.corpus not in (*NOT_MUSIC, *SOLO_PIANO))
        known = (np.repeat(asked, MOOD_OUTPUTS, 1), np.repeat(music, JAMENDO_OUTPUTS, 1))
        return Batch(
            mel_db=filled(from_bytes(example.mel[frames]), rows * FRAMES_PER_ROW, FLOOR_DB),
            presence=_presence(example.item, yamnet),
            yamnet=np.maximum(yamnet, LOWEST_LOGIT),
            embedding=filled(targets.embedding[part], rows),
            tags=filled(targets.tags[part], rows),
            tags_embedding=filled(targets.tags_embedding[part], rows),
            opinions=filled(targets.opinions[part], rows),
            tags_known=filled(asked, rows),
            opinions_known=filled(np.concatenate(known, axis=1), rows),
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

    What the music says stays the target: a voice-over does not change the mood of the music. But
    music that the other sound drowns is no longer there to be heard.
    """
    mixed, _ = under(music.mel_db, other.mel_db, level_db)
    if level_db <= _INAUDIBLE_DB:
        return music._replace(mel_db=mixed)
    left = np.clip((_DROWNED_DB - level_db) / (_DROWNED_DB - _DROWNING_DB), 0, 1)
    of_music = music.presence * np.array([left, 1, 1])
    return music._replace(
        mel_db=mixed,
        presence=np.maximum(of_music, other.presence),
        yamnet=np.maximum(music.yamnet, other.yamnet),
    )


def _recorded(mel_db: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Some crops stand in a room, some are clipped, some come through a telephone or lack their
    treble, or several of these."""
    if rng.random() < 0.35:
        mel_db = in_some_room(mel_db, rng)
    if rng.random() < _CLIPPED:
        mel_db = clipped(mel_db, rng)
    lot = rng.random()
    if lot < 0.12:
        return through_a_telephone(mel_db, rng)
    return dull(mel_db, rng) if lot < 0.22 else mel_db


def _varied(mel_db: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A tilt and bends of the spectrum, a band limit, a noise floor, and gaps in time and
    frequency (SpecAugment, Park et al. 2019)."""
    bands = np.arange(BANDS, dtype=np.float32)
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
