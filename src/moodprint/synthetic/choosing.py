"""The mood that was asked: several pieces are made, heard by our recogniser, and the best is
kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from moodprint.clip import Clip
from moodprint.emotion import Emotion
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.generation.composition.choice import Choice
from moodprint.generation.composition.music import MusicRequest, piece
from moodprint.prediction import Timeline
from moodprint.recognition.analyzer import Analyzer

Listen = Callable[[Clip], Timeline]
"""What hears a candidate."""

MOST_TRIES = 1_000


@dataclass(frozen=True)
class Candidate:
    """A piece that was made, what it was made of, and the probability of its emotion as it was
    heard."""

    clip: Clip
    choice: Choice
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
) -> Candidate:
    """Of ``tries`` pieces the one in which the asked emotion is heard the most probable, by the
    recogniser that ships unless another is given. The same arguments make the same piece.

    Raises:
        OptionError: no try, or too many; and what ``make_music`` raises.
    """
    if not 1 <= tries <= MOST_TRIES:
        raise OptionError(f"tries are from 1 to {MOST_TRIES:,}, not {tries}")
    hear = listen or Analyzer().clip
    best: Candidate | None = None
    for number in range(tries):
        progress("composing", number, tries)
        clip, choice = piece(request, np.random.default_rng([seed, number]))
        overall = hear(clip).overall
        probability = overall.probabilities[request.emotion] if overall.emotion else 0.0
        if best is None or probability > best.probability:
            best = Candidate(clip, choice, number, probability, overall.emotion)
    progress("composing", tries, tries)
    assert best is not None
    return best
