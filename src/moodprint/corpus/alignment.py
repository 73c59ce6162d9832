"""Whether two harmonies are the same one: at any offset, transposition and nearby speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from moodprint.clip import FloatArray
from moodprint.corpus.harmony import BINS, FRAMES_PER_S

SPEEDS = (0.92, 0.95, 0.97, 1.0, 1.03, 1.05, 1.08)
"""What docs/duplicates.md promises, in steps of 2 or 3 %; each costs one correlation a pair."""
LEAST_OVERLAP_S = 8.0
"""16 frames: shorter overlaps agree by chance, and most songs have some chords in common."""
CREDIBLE_SCORE = 10.5
"""The score from which two songs are held to be the same; docs/duplicates.md shows what it finds
and what it mistakes."""

_MIN_FRAMES = int(LEAST_OVERLAP_S * FRAMES_PER_S)


@dataclass(frozen=True)
class HarmonyAlignment:
    """How a song lies on another: second ``first_s`` of one is ``second_s`` of the other.

    ``speed`` and ``transposed`` (semitones) are those of the first against the second. ``score``
    says by how many standard deviations this place stands out of all others.
    """

    score: float
    first_s: float
    second_s: float
    duration_s: float
    speed: float
    transposed: float


@dataclass(frozen=True)
class Harmony:
    """A song's chroma [T, BINS], its mean taken off so that the key alone makes no likeness."""

    centred: FloatArray

    @classmethod
    def of(cls, chroma: FloatArray) -> Harmony:
        """From what ``harmony.chroma`` gives of the song."""
        return cls(chroma - chroma.mean(axis=0, keepdims=True))

    def __len__(self) -> int:
        return len(self.centred)


def align(first: Harmony, others: Iterable[Harmony]) -> Iterator[HarmonyAlignment | None]:
    """The place at which a song lies best on each of the others; None where one is too short."""
    speeds = [(speed, _stretched(first.centred, speed)) for speed in SPEEDS]
    shortest = min(len(mine) for _, mine in speeds)
    spectra: dict[int, list[npt.NDArray[np.complex64]]] = {}
    for other in others:
        if min(shortest, len(other)) < _MIN_FRAMES:
            yield None
            continue
        size = _fast_length(int(len(first) * max(SPEEDS)) + 1 + len(other))
        if size not in spectra:
            spectra[size] = [_spectrum(mine, size) for _, mine in speeds]
        theirs = np.conj(_spectrum(other.centred, size))
        yield max(
            (
                _best_place(ours * theirs, len(mine), len(other), speed)
                for ours, (speed, mine) in zip(spectra[size], speeds, strict=True)
            ),
            key=lambda place: place.score,
        )


def _spectrum(frames: FloatArray, size: int) -> npt.NDArray[np.complex64]:
    return np.fft.rfft2(frames.T, (BINS, size)).astype(np.complex64, copy=False)


def _best_place(
    product: npt.NDArray[np.complex64], mine: int, other: int, speed: float
) -> HarmonyAlignment:
    """Where the surface of correlations [BINS, shifts] is highest, in units of its spread.

    A sum over few frames scatters less than one over many: each is divided by the square root of
    its overlap, so that a short overlap has a fair chance and no more.
    """
    size = 2 * (product.shape[1] - 1)
    surface = np.fft.irfft2(product, (BINS, size))
    shift = np.arange(size)
    shift = np.where(shift >= mine, shift - size, shift)
    overlap = np.minimum(mine, other + shift) - np.maximum(0, shift)
    allowed = overlap >= _MIN_FRAMES
    surface *= np.where(allowed, 1 / np.sqrt(np.maximum(overlap, 1)), 0).astype(np.float32)
    count = BINS * int(allowed.sum())
    mean = float(surface.sum()) / count
    spread = float(np.vdot(surface, surface)) / count - mean**2
    turn, column = np.unravel_index(int(surface.argmax()), surface.shape)
    score = (float(surface[turn, column]) - mean) / max(spread, 1e-12) ** 0.5
    first = int(shift[column])
    return HarmonyAlignment(
        score=score,
        first_s=max(0, first) / FRAMES_PER_S / speed,
        second_s=max(0, -first) / FRAMES_PER_S,
        duration_s=float(overlap[column]) / FRAMES_PER_S,
        speed=speed,
        transposed=float((turn + BINS // 2) % BINS - BINS // 2) * 12 / BINS,
    )


def _stretched(chroma: FloatArray, speed: float) -> FloatArray:
    """[T, BINS] as it would be at the other's pace: one that runs faster has more frames added."""
    count = max(1, round(len(chroma) * speed))
    at = np.minimum(np.arange(count) / speed, len(chroma) - 1)
    below = at.astype(int)
    share = (at - below)[:, None].astype(np.float32)
    above = np.minimum(below + 1, len(chroma) - 1)
    return chroma[below] * (1 - share) + chroma[above] * share


def _fast_length(least: int) -> int:
    """The next power of two: two songs of like length then share a size, and so a spectrum."""
    return 1 << (least - 1).bit_length()
