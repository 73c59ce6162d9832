"""A piece out of nothing but a seed: composed, played, rendered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from moodprint.bundle import DEFAULT_GENERATOR
from moodprint.clip import Clip, Origin
from moodprint.emotion import Emotion
from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import OptionError
from moodprint.generation.composition.choice import Choice, Wishes, chosen
from moodprint.generation.composition.compose import compose
from moodprint.generation.composition.render import render
from moodprint.generation.note_generator.bundle import bundled_instruments
from moodprint.generation.note_generator.generator import load_generator

LONGEST_S = 3_600.0
"""An hour takes 1.3 GB of samples."""


@dataclass(frozen=True)
class MusicRequest:
    """Music of an emotion, ``seconds`` long: what ``generators.GENERATORS`` asks for under
    ``music``. ``model`` is a note generator's name or bundle.

    Raises:
        OptionError: a length that cannot be.
    """

    emotion: Emotion
    seconds: float = 30.0
    wishes: Wishes = field(default_factory=Wishes)
    model: str | Path = DEFAULT_GENERATOR
    threads: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.seconds <= LONGEST_S:
            raise OptionError(f"music lasts from 1 to {LONGEST_S:g} s, not {self.seconds:g}")


def make_music(
    request: MusicRequest, rng: np.random.Generator, progress: Progress = no_progress
) -> Clip:
    """A piece [2, N] at 44.1 kHz; the same request and state of ``rng`` make the same.

    Raises:
        OptionError: there is no such model, or it has not the instruments of the style or the
            wishes. BundleError: the model is broken.
    """
    clip, _ = piece(request, rng, progress)
    return clip


def piece(
    request: MusicRequest, rng: np.random.Generator, progress: Progress = no_progress
) -> tuple[Clip, Choice]:
    """The same, with what was chosen for it."""
    instruments = bundled_instruments(request.model)
    choice = chosen(request.emotion, rng, request.wishes)
    lacking = sorted(set(choice.instruments.values()) - set(instruments))
    if lacking:
        raise OptionError(f"{request.model} has no {', '.join(lacking)}: choose another model")
    score = compose(choice, request.seconds, rng)
    generator = load_generator(request.model, threads=request.threads)
    clip = render(score, choice, request.seconds, generator, instruments, rng, progress)
    return replace(clip, origin=Origin(f"{request.emotion} music")), choice
