"""Prepare single notes for training: render SoundFonts, or read recordings, into small shards.

    python -m recipes.note_generator.prepare --soundfont FluidR3_GM.sf2 \
        --soundfont MuseScore_General.sf3 --out notes
    python -m recipes.note_generator.prepare --recordings orchestra_notes --out notes
    python -m recipes.note_generator.prepare --nsynth nsynth-train --out notes

The notes of all sources are mixed before they are parted, so any shard alone is a fair sample.
Every tenth instrument goes to --held-out, to score by.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.progress import track

from moodprint.generation.note_quality.note_shards import (
    LARGEST_SHARD_BYTES,
    shards,
    write_shards,
)
from recipes.note_generator.notes import (
    PlannedNote,
    nsynth_notes,
    recorded_notes,
    rendered,
    soundfont_notes,
)
from recipes.note_generator.pitch_clarity import clarity


def main() -> None:
    """Prepare as the command line says."""
    options = _options()
    planned = list(_planned(options))
    order = np.random.default_rng(options.seed).permutation(len(planned))[: options.most]
    mixed = [planned[index] for index in order]
    if options.held_out is None:
        _write(mixed, options.out, options)
        return
    _write([plan for plan in mixed if not _is_held_out(plan)], options.out, options)
    _write([plan for plan in mixed if _is_held_out(plan)], options.held_out, options)


def _write(planned: list[PlannedNote], folder: Path, options: argparse.Namespace) -> None:
    notes = rendered(track(planned, "rendering", disable=not sys.stdout.isatty()))
    if options.clear:
        notes = (n for n in notes if clarity(n.samples, n.label.pitch_midi).clear)
    written = write_shards(notes, folder, options.shard_mb * 1024 * 1024)
    print(f"{written} notes in {len(shards(folder))} shards: {folder}")


def _is_held_out(plan: PlannedNote) -> bool:
    """By the name alone, so that an instrument of two SoundFonts stays on one side."""
    return zlib.crc32(plan.label.instrument.lower().encode()) % 10 == 0


def _planned(options: argparse.Namespace) -> Iterator[PlannedNote]:
    for path in options.soundfont:
        yield from soundfont_notes(path, options.velocities)
    for folder in options.recordings:
        yield from recorded_notes(folder)
    for folder in options.nsynth:
        yield from nsynth_notes(folder, options.nsynth_sources)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--soundfont", type=Path, action="append", default=[])
    parser.add_argument("--recordings", type=Path, action="append", default=[])
    parser.add_argument("--nsynth", type=Path, action="append", default=[])
    parser.add_argument("--nsynth-sources", nargs="+", default=["acoustic"])
    parser.add_argument("--velocities", type=int, nargs="+", default=[100])
    parser.add_argument("--clear", action="store_true", help="leave out notes of unclear pitch")
    parser.add_argument("--held-out", type=Path, help="every tenth instrument goes here instead")
    parser.add_argument("--most", type=int, help="keep at most so many notes, drawn at random")
    parser.add_argument("--shard-mb", "--part-mb", type=int, default=LARGEST_SHARD_BYTES // 1024**2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
