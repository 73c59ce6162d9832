"""The scores of a note generator, or of a folder of notes, beside those of real notes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from moodprint.engine.progress import Progress, no_progress
from moodprint.errors import CorpusError, OptionError
from moodprint.generation.note_generator.architecture import LATENT_SIZE
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_quality.note_scores import NoteScores, PitchedNotes, compare_notes
from moodprint.generation.note_quality.note_shards import as_float, holds_notes, read_shards

STAGE = "making notes"
"""The stage that a Progress is told of."""

_BATCH = 32
"""Notes made between two words to the Progress: about a second's work of a core."""
_FEWEST_NOTES = 2
"""Distances and covariances need two."""


def evaluate_notes(
    scored: str | Path,
    real: str | Path,
    apart: str | Path | None = None,
    *,
    count: int = 366,
    seed: int = 0,
    progress: Progress = no_progress,
) -> dict[str, NoteScores]:
    """The scores of a generator's bundle or a folder of prepared notes, and those to compare with.

    ``real`` and ``apart`` are folders of prepared notes: those that the generator was trained on,
    and notes of other instruments. A generator makes ``count`` notes of random instruments, all
    its pitches in turn: 366 are six of each.

    Raises:
        OptionError: there is no such bundle, or a count below 2.
        MissingFileError, CorpusError: a folder holds no notes, or too few.
        BundleError: the bundle is broken.
    """
    if count < _FEWEST_NOTES:
        raise OptionError(f"scores take {_FEWEST_NOTES} notes or more, not {count}")
    # All that may be wrong with what was named is found before the first note is made.
    stored = holds_notes(scored)
    generator = None if stored else load_generator(scored)
    known = stored_notes(real)
    others = None if apart is None else stored_notes(apart)
    if generator is None:
        return compare_notes(stored_notes(scored), known, others, seed)
    return compare_notes(generated_notes(generator, count, seed, progress), known, others, seed)


def stored_notes(folder: str | Path) -> PitchedNotes:
    """The prepared notes of a folder.

    Raises:
        MissingFileError, CorpusError: it holds none, or broken ones.
    """
    notes = read_shards(folder)
    if len(notes.labels) < _FEWEST_NOTES:
        raise CorpusError(f"{folder}: holds {len(notes.labels)} note; scores take 2 or more")
    pitches = np.array([label.pitch_midi for label in notes.labels])
    return PitchedNotes(as_float(notes.samples), pitches)


def generated_notes(
    generator: Generator, count: int, seed: int, progress: Progress = no_progress
) -> PitchedNotes:
    """Notes of random instruments at all pitches of the generator in turn."""
    card = generator.card
    random = np.random.default_rng(seed)
    pitches = card.lowest_pitch + np.arange(count) % (card.highest_pitch - card.lowest_pitch + 1)
    latents = random.standard_normal((count, LATENT_SIZE)).astype(np.float32)
    parts = []
    for first in range(0, count, _BATCH):
        part = slice(first, first + _BATCH)
        parts.append(generator.waveform(latents[part], pitches[part]))
        progress(STAGE, min(first + _BATCH, count), count)
    return PitchedNotes(np.concatenate(parts), pitches)
