"""Toy songs, a recipe an emotion: something to try a study on where there is no corpus.

They follow what listeners go by (Juslin and Laukka 2003): tempo, mode, loudness, brightness,
roughness. That is enough to learn from, and says nothing about real music.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.files import atomic_file
from moodprint.pitch import midi_to_hz

_RATE_HZ = 16_000
_LENGTH_S = 4.0
_MAJOR, _MINOR, _CLUSTER = (0, 4, 7), (0, 3, 7), (0, 1, 6)


@dataclass(frozen=True)
class Recipe:
    """``notes_per_s``, the ``chord`` in semitones, loudness, ``harmonics`` and share of noise."""

    notes_per_s: float
    chord: tuple[int, ...]
    gain: float
    harmonics: int
    noise: float


RECIPES = {
    Emotion.ANGRY: Recipe(6.0, _MINOR, 0.5, 9, 0.30),
    Emotion.CALM: Recipe(1.0, _MAJOR, 0.1, 2, 0.00),
    Emotion.FEAR: Recipe(3.0, _CLUSTER, 0.2, 4, 0.15),
    Emotion.HAPPY: Recipe(5.0, _MAJOR, 0.4, 5, 0.02),
    Emotion.SAD: Recipe(1.2, _MINOR, 0.15, 3, 0.00),
}


def make_songs(folder: Path, count: int) -> list[Path]:
    """Write ``count`` songs an emotion as ``folder/EMOTION/EMOTION-N.wav``; those there stay."""
    import soundfile

    paths = []
    for emotion in EMOTIONS:
        for number in range(count):
            path = folder / emotion / f"{emotion}-{number}.wav"
            paths.append(path)
            if path.is_file():
                continue
            seed = [number, EMOTIONS.index(emotion), crc32(folder.name.encode())]
            rng = np.random.default_rng(seed)
            with atomic_file(path) as file:
                soundfile.write(file, song(RECIPES[emotion], rng), _RATE_HZ, format="WAV")
    return paths


def song(recipe: Recipe, rng: np.random.Generator) -> FloatArray:
    """Four seconds [N] at 16 kHz in a random key, with everything a little off the recipe."""
    time = np.arange(int(_LENGTH_S * _RATE_HZ)) / _RATE_HZ
    pace = recipe.notes_per_s * rng.uniform(0.8, 1.25)
    note = (time * pace).astype(int)
    root = 55 + rng.integers(12)
    pitches = (
        root + rng.choice(recipe.chord, size=note[-1] + 1) + 12 * rng.integers(2, size=note[-1] + 1)
    )
    turn = 2 * np.pi * np.cumsum(midi_to_hz(pitches[note])) / _RATE_HZ
    tone = sum(np.sin(n * turn) / n for n in range(1, recipe.harmonics + 1))
    fading = np.exp(-3 * ((time * pace) % 1))
    sound = tone * fading + recipe.noise * rng.normal(size=len(time))
    loud = recipe.gain * rng.uniform(0.6, 1.6)
    return np.asarray(np.clip(loud * sound / 2, -1, 1), np.float32)
