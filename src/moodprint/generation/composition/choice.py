"""What one piece is made of: chosen from the style of an emotion by a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from moodprint.emotion import Emotion
from moodprint.generation.composition.style import STYLES, Style

SEMITONES = 12


@dataclass(frozen=True)
class Wishes:
    """What a person asks of a piece beside its emotion; None leaves it to the style.
    ``instruments`` are names of the generator's, the melody's first."""

    tempo_bpm: float | None = None
    minor: bool | None = None
    instruments: tuple[str, ...] = ()
    drums: bool | None = None


@dataclass(frozen=True)
class Choice:
    """One piece before its notes: see ``style.Style`` for the fields."""

    emotion: Emotion
    style: Style
    tempo_bpm: float
    tonic: int
    """A pitch class, 0 for C."""
    scale: tuple[int, ...]
    progressions: tuple[tuple[int, ...], ...]
    """That of the first part and that of the second."""
    figure: str
    beat: str
    density: float
    articulation: float
    octave: int
    instruments: dict[str, str] = field(default_factory=dict)
    """By role: melody, chords, bass, pad (left out where there is none)."""

    @property
    def beat_s(self) -> float:
        """How long a beat lasts."""
        return 60 / self.tempo_bpm


def chosen(emotion: Emotion, rng: np.random.Generator, wishes: Wishes | None = None) -> Choice:
    """A piece in the style of the emotion; the same state of ``rng`` chooses the same."""
    wishes = wishes or Wishes()
    style = STYLES[emotion]
    first, second = _two(rng, style.progressions)
    scale = _one(rng, style.scales)
    if wishes.minor is not None:
        third = 3 if wishes.minor else 4
        scale = next((each for each in style.scales if third in each), _with_third(scale, third))
    roles = ("melody", "chords", "bass", "pad")
    instruments = {role: _one(rng, getattr(style, role)) for role in roles if getattr(style, role)}
    instruments |= dict(zip(("melody", "chords"), wishes.instruments, strict=False))
    beat = _one(rng, style.beat)
    if wishes.drums is not None:
        beat = (beat or "pop") if wishes.drums else ""
    return Choice(
        emotion=emotion,
        style=style,
        tempo_bpm=wishes.tempo_bpm or float(rng.integers(*style.tempo_bpm, endpoint=True)),
        tonic=int(rng.integers(SEMITONES)),
        scale=scale,
        progressions=(first, second),
        figure=_one(rng, style.figure),
        beat=beat,
        density=float(rng.uniform(*style.density)),
        articulation=float(rng.uniform(*style.articulation)),
        octave=_one(rng, style.octave),
        instruments=instruments,
    )


def _with_third(scale: tuple[int, ...], third: int) -> tuple[int, ...]:
    return tuple(third if note in (3, 4) else note for note in scale)


def _one(rng: np.random.Generator, options: Sequence[Any]) -> Any:
    return options[int(rng.integers(len(options)))]


def _two(rng: np.random.Generator, options: Sequence[Any]) -> tuple[Any, Any]:
    """Two that differ, where there are two."""
    first = int(rng.integers(len(options)))
    second = (first + 1 + int(rng.integers(max(1, len(options) - 1)))) % len(options)
    return options[first], options[second]
