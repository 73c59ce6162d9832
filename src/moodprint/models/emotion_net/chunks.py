"""Log-mel frames cut into chunks with context for the network, and brought to one loudness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from moodprint.audio.programme_level import gain_to_level_db
from moodprint.clip import FloatArray

CHUNK_ROWS = 120
"""A minute at two rows a second: enough work for the network, little enough memory."""

CONTEXT_ROWS = 8
"""As much as the measures, and more than the network, look to each side, so that rows do not depend
on where chunks end."""


@dataclass(frozen=True)
class Chunk:
    """A stretch of frames [T, F] in dB with context around.

    Row ``start`` of the sound is its first, and the rows ``counted`` of it are new. It was made
    ``gain_db`` louder.
    """

    frames: FloatArray
    start: int
    counted: slice
    gain_db: float = 0.0


def chunks(frames: Iterable[FloatArray], frames_per_row: int) -> Iterator[Chunk]:
    """Runs of frames [t, F] as chunks whose counted rows are each row once; one for no frame, too.

    The last row is filled up with its last frame.
    """
    size, context = CHUNK_ROWS * frames_per_row, CONTEXT_ROWS * frames_per_row
    held: FloatArray | None = None
    before = start = 0
    for piece in frames:
        held = piece if held is None else np.concatenate([held, piece])
        while len(held) >= before + size + context:
            first = before // frames_per_row
            counted = slice(first, first + CHUNK_ROWS)
            yield Chunk(held[: before + size + context], start, counted)
            held = held[before + size - context :]
            start += first + CHUNK_ROWS - CONTEXT_ROWS
            before = context
    if held is not None and (len(held) > before or before == 0):
        missing = -len(held) % frames_per_row
        last = np.pad(held, ((0, missing), (0, 0)), mode="edge") if missing else held
        yield Chunk(last, start, slice(before // frames_per_row, None))


def levelled(parts: Iterable[Chunk], frames_per_row: int, floor_db: float) -> Iterator[Chunk]:
    """The same chunks, each as loud as if all sound up to its end had one loudness.

    So sound can come as a stream, and a recording that is softer or louder as a whole gives the
    same chunks. A soft beginning is made louder than the same passage behind a loud one.
    """
    levels_db = np.zeros(0, np.float32)
    for chunk in parts:
        levels_db = np.append(levels_db[: chunk.start], row_levels_db(chunk.frames, frames_per_row))
        gain_db = gain_to_level_db(levels_db)
        louder = np.maximum(chunk.frames + np.float32(gain_db), np.float32(floor_db))
        yield replace(chunk, frames=louder, gain_db=gain_db)


def row_levels_db(frames: FloatArray, frames_per_row: int) -> FloatArray:
    """[R] the power in dB of each row of frames [T, F] in dB; T is R * ``frames_per_row``."""
    power = (10 ** (frames / 10)).sum(axis=1).reshape(-1, frames_per_row).mean(axis=1)
    return 10 * np.log10(power, dtype=np.float32)
