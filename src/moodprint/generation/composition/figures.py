"""How chords, bass and pads are played in a bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from moodprint.generation.composition.choice import Choice


@dataclass(frozen=True)
class FigureNote:
    """A note of a bar: its beat and length in beats, its step of the scale above the tonic of its
    octave, and semitones beside the scale."""

    role: str
    beat: float
    length: float
    step: int
    octave: int
    louder: int = 0
    semitones: int = 0


def chord_notes(choice: Choice, root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    """The bar of a chord on ``root``, a degree of the scale, as the piece's figure has it."""
    for note in _FIGURES[choice.figure](root, rng):
        if note.role in choice.instruments:
            yield note


def _slow_arpeggio(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    for place, step in enumerate((0, 4, 7, 9, 7, 4, 9, 7)):
        yield FigureNote("chords", place / 2, 2.0, root + step, 3, -int(rng.integers(4, 14)))
    yield FigureNote("bass", 0, 4.0, root, 2, -6)
    for step in (0, 2, 4):
        yield FigureNote("pad", 0, 4.2, root + step, 4, -18)


def _held(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    spread = float(rng.uniform(0.02, 0.12))
    for number, step in enumerate((0, 4, 9)):
        yield FigureNote("chords", number * spread, 3.8, root + step, 3, -6)
    yield FigureNote("bass", 0, 4.0, root, 2, -8)
    for step in (2, 4, 7):
        yield FigureNote("pad", 0, 4.2, root + step, 4, -16)


def _off_beat(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    for beat in (0.5, 1.5, 2.5, 3.5):
        for step in (0, 2, 4):
            yield FigureNote("chords", beat, 0.35, root + step, 4, -10)
    for beat, step in zip((0, 1, 2, 3), (0, 4, 0, int(rng.choice((2, 4, 6)))), strict=True):
        yield FigureNote("bass", beat, 0.7, root + step, 2, 2)
    for beat in (0, 2.5):
        for step in (2, 4):
            yield FigureNote("pad", beat, 0.6, root + step, 4, -20)


def _strum(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    for beat, length in ((0, 0.9), (1, 0.4), (1.5, 0.4), (2.5, 0.4), (3, 0.9)):
        for number, step in enumerate((0, 2, 4, 7)):
            yield FigureNote("chords", beat + 0.02 * number, length, root + step, 4, -12)
    for beat in (0, 1.5, 2, 3.5):
        yield FigureNote("bass", beat, 0.5, root + (4 if rng.random() < 0.25 else 0), 2, 2)
    for step in (2, 4):
        yield FigureNote("pad", 0, 1.5, root + step, 4, -22)


def _chug(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    gallop = (0, 0.5, 0.75) if rng.random() < 0.5 else (0, 0.25, 0.5, 0.75)
    for beat in range(4):
        for within in gallop:
            hurt = int(rng.random() < 0.08)  # a semitone above: the roughest second
            for step in (0, 4):
                length = 0.2 if within else 0.4
                yield FigureNote("chords", beat + within, length, root + step, 2, 0, hurt)
            yield FigureNote("bass", beat + within, 0.22, root, 1, 0, hurt)


def _cluster(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    yield FigureNote("bass", 0, 4.5, root, 1, 6)
    yield FigureNote("bass", 0.05, 4.5, root, 1, -4, 1)  # a minor second, low: beats slowly
    high = int(rng.integers(0, 8))
    for semitones in (0, 1, 6):
        entry = float(rng.uniform(0, 2))
        yield FigureNote("chords", entry, 4 - entry, root + high, 5, -16, semitones)
    for semitones in (0, 1):
        yield FigureNote("pad", 0, 4.5, root, 3, -6, semitones)


def _tremolo(root: int, rng: np.random.Generator) -> Iterator[FigureNote]:
    yield FigureNote("bass", 0, 4.5, root, 1, 8)
    first = int(rng.integers(0, 6))
    for place in range(24):
        swell = int(24 * abs(np.sin(np.pi * place / 24)))
        yield FigureNote(
            "chords", place / 6, 0.17, root + first, 5, swell - 26, int(place % 2 == 1)
        )
    for semitones in (0, 6):
        yield FigureNote("pad", 0, 4.5, root, 2, -8, semitones)


_FIGURES: Mapping[str, Callable[[int, np.random.Generator], Iterator[FigureNote]]] = (
    MappingProxyType(
        {
            "slow arpeggio": _slow_arpeggio,
            "held": _held,
            "off-beat": _off_beat,
            "strum": _strum,
            "chug": _chug,
            "cluster": _cluster,
            "tremolo": _tremolo,
        }
    )
)
"""By the name that styles give them."""
