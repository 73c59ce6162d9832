"""The generators of music there are: what each is asked for, and how it makes a clip.

Whoever makes music asks this table: the command line, whatever scores or collects generated music,
and a service. A new generator is a frozen request, a function that makes a clip of it, and a line
here; the contract that all keep is in its tests. The same request and the same state of ``rng``
give the same samples; everything runs on the CPU unless the request says otherwise; nothing is
written, so that a Progress that raises ends the work and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from moodprint.clip import Clip
from moodprint.engine.progress import Progress
from moodprint.generation.composition.music import MusicRequest, make_music
from moodprint.generation.diffusion.music import DiffusionRequest, draw_music
from moodprint.generation.performance import NotesRequest, make_notes

NOTES, MUSIC, DIFFUSION = "notes", "music", "diffusion"


@dataclass(frozen=True)
class GeneratorEntry:
    """A kind of generator: the class of its requests, and ``make(request, rng, progress)``."""

    summary: str
    request: type
    make: Callable[[Any, np.random.Generator, Progress], Clip]


GENERATORS: Mapping[str, GeneratorEntry] = MappingProxyType(
    {
        NOTES: GeneratorEntry("A song played by new instruments", NotesRequest, make_notes),
        MUSIC: GeneratorEntry("Music of an emotion, out of a seed", MusicRequest, make_music),
        DIFFUSION: GeneratorEntry("Music drawn from a prompt", DiffusionRequest, draw_music),
    }
)
"""By the name of the command: ``moodprint generate notes``."""
