"""The mood that was asked: several pieces are made, heard by our recogniser, and the best is
kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from moodprint.clip import Clip
from moodprint.emotion import Emotion
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.generation.composition.choice import Choice
from moodprint.generation.composition.music import MusicRequest, piece
from moodprint.generation.diffusion.music import DiffusionRequest, draw_music
from moodprint.prediction import Timeline
from moodprint.recognition.analyzer import Analyzer

Listen = Callable[[Clip], Timeline]
"""What hears a candidate."""

MOST_TRIES = 1_000

What = TypeVar("What")
"""What a piece was made of."""


@dataclass(frozen=True)
class Candidate(Generic[What]):
    """A piece that was made, what it was made of, and the probability of its emotion as it was
    heard."""

    clip: Clip
    made_of: What
    number: int
    probability: float
    answered: Emotion | None


def best_piece(
    request: MusicRequest,
    seed: int,
    tries: int = 8,
    *,
    listen: Listen | None = None,
    progress: Progress = no_progress,
) -> Candidate[Choice]:
    """Of ``tries`` composed pieces the one in which the asked emotion is heard the most probable,
    by the recogniser that ships unless another is given. The same arguments make the same piece.

    Raises:
        OptionError: no try, or too many; and what ``make_music`` raises.
    """

    def make(number: int) -> tuple[Clip, Choice]:
        progress("composing", number, tries)
        return piece(request, np.random.default_rng([seed, number]))

    return _best(make, request.emotion, tries, listen)


def best_drawing(
    request: DiffusionRequest,
    emotion: Emotion,
    seed: int,
    tries: int = 1,
    *,
    listen: Listen | None = None,
    progress: Progress = no_progress,
) -> Candidate[None]:
    """The same of drawn pieces; the first one is that of the seed itself.

    Raises:
        OptionError: no try, or too many; and what ``draw_music`` raises.
    """

    def make(number: int) -> tuple[Clip, None]:
        rng = np.random.default_rng(seed if number == 0 else [seed, number])
        unseeded = replace(request, settings=replace(request.settings, seed=None))
        return draw_music(unseeded, rng, progress), None

    return _best(make, emotion, tries, listen)


def _best(
    make: Callable[[int], tuple[Clip, What]], emotion: Emotion, tries: int, listen: Listen | None
) -> Candidate[What]:
    if not 1 <= tries <= MOST_TRIES:
        raise OptionError(f"tries are from 1 to {MOST_TRIES:,}, not {tries}")
    hear = listen or Analyzer().clip
    best: Candidate[What] | None = None
    for number in range(tries):
        clip, made_of = make(number)
        overall = hear(clip).overall
        probability = overall.probabilities[emotion] if overall.emotion else 0.0
        if best is None or probability > best.probability:
            best = Candidate(clip, made_of, number, probability, overall.emotion)
    assert best is not None
    return best
