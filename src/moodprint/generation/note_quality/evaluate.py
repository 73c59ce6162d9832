"""A note generator, or a folder of notes, put before the judge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from recipes.note_generator.note_shards import as_float, read_parts

from moodprint.errors import CorpusError, OptionError
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_generator.weights import LATENT_SIZE
from moodprint.generation.note_quality.note_scores import JudgedNotes, Scores, compared

Progress = Callable[[str, int, int], None]
_BATCH = 32


def evaluate_notes(
    judged: str | Path,
    real: str | Path,
    apart: str | Path | None = None,
    *,
    count: int = 366,
    seed: int = 0,
    tell: Progress | None = None,
) -> dict[str, Scores]:
    """The scores of a generator's bundle or a folder of prepared notes, and those to compare with.

    ``real`` and ``apart`` are folders of prepared notes: those that the generator was trained on,
    and notes of other instruments. A generator makes ``count`` notes of random instruments, all
    its pitches in turn.

    Raises:
        OptionError: there is no such bundle, or a count below 2.
        MissingFileError, CorpusError: a folder holds no notes, or too few.
        BundleError: the bundle is broken.
    """
    if count < 2:
        raise OptionError(f"scores take 2 notes or more, not {count}")
    if _holds_notes(judged):
        notes = stored_notes(judged)
    else:
        notes = generated_notes(load_generator(judged), count, seed, tell)
    known = stored_notes(real)
    return compared(notes, known, None if apart is None else stored_notes(apart), seed)


def stored_notes(folder: str | Path) -> JudgedNotes:
    """The prepared notes of a folder.

    Raises:
        MissingFileError, CorpusError: it holds none, or broken ones.
    """
    notes = read_parts(folder)
    if len(notes.labels) < 2:
        raise CorpusError(f"{folder}: holds {len(notes.labels)} note; scores take 2 or more")
    return JudgedNotes(
        as_float(notes.samples), np.array([label.pitch_midi for label in notes.labels])
    )


def generated_notes(
    generator: Generator, count: int, seed: int, tell: Progress | None = None
) -> JudgedNotes:
    """Notes of random instruments at all pitches of the generator in turn."""
    card = generator.card
    random = np.random.default_rng(seed)
    pitches = card.lowest_pitch + np.arange(count) % (card.highest_pitch - card.lowest_pitch + 1)
    latents = random.standard_normal((count, LATENT_SIZE)).astype(np.float32)
    parts = []
    for first in range(0, count, _BATCH):
        part = slice(first, first + _BATCH)
        parts.append(generator.waveform(latents[part], pitches[part]))
        if tell is not None:
            tell("making notes", min(first + _BATCH, count), count)
    return JudgedNotes(np.concatenate(parts), pitches)


def _holds_notes(place: str | Path) -> bool:
    return Path(place).is_dir() and any(Path(place).glob("notes-*.flac"))
