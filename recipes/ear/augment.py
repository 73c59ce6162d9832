"""A labelled item as a listener may get it: through a telephone, in a room, under a voice.

Heads are fitted on each item as it is and changed in one of these ways, so that what a change does
to the features counts less for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from moodprint.audio.programme_level import gain_to_level_db
from recipes.ear.examples import Example
from recipes.ear.prepare import from_bytes, row_levels_db, to_bytes
from recipes.ear.recordings import ROOMS_S, dull, in_a_room, through_a_telephone, under, with_echo
from recipes.ear.teachers import ROW_S

_TO_POWER = 4
"""Chroma are sums of roots of magnitudes, so their fourth powers add up about as powers do."""


def changed(example: Example, voices: Sequence[Example], rng: np.random.Generator) -> Example:
    """The same item after a band limit, in a room, or under one of the voices; nearly half of the
    items get a voice, the commonest change of music in a video. All is brought to one loudness."""
    mel_db = from_bytes(example.mel)
    kind = rng.choice(["band", "low", "room", "voice"], p=[0.15, 0.1, 0.3, 0.45])
    chroma = example.chroma
    if kind == "band":
        mel_db = through_a_telephone(mel_db, rng)
    elif kind == "low":
        mel_db = dull(mel_db, rng)
    elif kind == "room":
        falls_60_db_s = rng.uniform(*ROOMS_S)
        mel_db = in_a_room(mel_db, falls_60_db_s, rng)
        chroma = _chroma_in_a_room(example.chroma, falls_60_db_s)
    else:
        voice = voices[int(rng.integers(len(voices)))]
        mel_db, chroma = _under(example, voice, rng.uniform(-6, 20))
    gain_db = gain_to_level_db(row_levels_db(mel_db))
    return replace(example, mel=to_bytes(mel_db + np.float32(gain_db)), chroma=chroma)


def voices(examples: Sequence[Example]) -> list[Example]:
    """The speech among all examples."""
    return [example for example in examples if example.item.presence == "speech"]


def _chroma_in_a_room(chroma: np.ndarray, falls_60_db_s: float) -> np.ndarray:
    return (with_echo(chroma**_TO_POWER, falls_60_db_s, 1 / ROW_S) ** (1 / _TO_POWER)).astype(
        np.float32
    )


def _under(music: Example, voice: Example, level_db: float) -> tuple[np.ndarray, np.ndarray]:
    """The music with a voice that says its text over and over, ``level_db`` above it."""
    mel_db = from_bytes(music.mel)
    mixed, gain_db = under(mel_db, np.resize(from_bytes(voice.mel), mel_db.shape), level_db)
    chroma = music.chroma
    spoken = np.resize(voice.chroma, chroma.shape) * 10 ** (gain_db / 40)
    together = (chroma**_TO_POWER + spoken**_TO_POWER) ** (1 / _TO_POWER)
    return mixed, together.astype(np.float32)
