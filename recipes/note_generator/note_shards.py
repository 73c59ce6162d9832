"""Prepared notes on disk, in parts that are small enough to be sent one by one.

A part is ``notes-000.flac``, its notes end to end (4 s each, 16 kHz, 16 bits), and
``notes-000.json``, the list of their labels.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from moodprint.errors import CorpusError, EmptyFileError, MissingFileError
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from recipes.note_generator.note import NOTE_SAMPLES, Note, NoteLabel

LARGEST_PART_BYTES = 55 * 1024 * 1024
_FULL_SCALE = 32_768


@dataclass(frozen=True)
class NoteSet:
    """Notes to train on: ``samples`` int16 [B, 64000], and a label for each."""

    labels: tuple[NoteLabel, ...]
    samples: npt.NDArray[np.int16]


def write_parts(
    notes: Iterable[Note], folder: str | Path, largest_bytes: int = LARGEST_PART_BYTES
) -> int:
    """Write notes as parts of at most ``largest_bytes`` each (and a note); how many notes.

    Raises:
        CorpusError: the folder holds parts already.
    """
    folder = Path(folder)
    if any(folder.glob("notes-*.flac")):
        raise CorpusError(f"{folder}: holds prepared notes already; remove them first")
    folder.mkdir(parents=True, exist_ok=True)
    remaining = iter(notes)
    written = part = 0
    while labels := _write_part(remaining, folder / f"notes-{part:03d}.flac", largest_bytes):
        written += labels
        part += 1
    return written


def _write_part(notes: Iterable[Note], path: Path, largest_bytes: int) -> int:
    labels: list[dict[str, object]] = []
    with soundfile.SoundFile(path, "w", SAMPLE_RATE_HZ, 1, "PCM_16", format="FLAC") as file:
        for note in notes:
            file.write(note.samples)
            labels.append(asdict(note.label))
            if path.stat().st_size >= largest_bytes:
                break
    if labels:
        path.with_suffix(".json").write_text(json.dumps(labels))
    else:
        path.unlink()
    return len(labels)


def read_parts(folder: str | Path) -> NoteSet:
    """All notes of all parts in a folder.

    Raises:
        MissingFileError: there is no part.
        CorpusError: a part is broken, or does not fit its list of labels.
    """
    folder = Path(folder)
    paths = sorted(folder.glob("notes-*.flac"))
    if not paths:
        raise MissingFileError(f"{folder}: holds no prepared notes (notes-000.flac, ...)")
    parts = [_read_part(path) for path in paths]
    labels = tuple(label for part in parts for label in part.labels)
    if not labels:
        raise EmptyFileError(f"{folder}: its parts hold no notes")
    return NoteSet(labels, np.concatenate([part.samples for part in parts]))


def _read_part(path: Path) -> NoteSet:
    try:
        samples, rate_hz = soundfile.read(path, dtype="int16")
        labels = tuple(NoteLabel(**item) for item in json.loads(_labels_of(path)))
    except (soundfile.LibsndfileError, ValueError, TypeError, OSError) as error:
        raise CorpusError(f"{path}: cannot be read: {error}") from error
    if rate_hz != SAMPLE_RATE_HZ or samples.shape != (len(labels) * NOTE_SAMPLES,):
        raise CorpusError(
            f"{path}: holds {samples.shape} samples at {rate_hz} Hz; its {len(labels)} labels "
            f"need {len(labels) * NOTE_SAMPLES} at {SAMPLE_RATE_HZ} Hz"
        )
    return NoteSet(labels, samples.reshape(-1, NOTE_SAMPLES))


def _labels_of(path: Path) -> str:
    return path.with_suffix(".json").read_text()


def as_float(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """Samples in [-1, 1)."""
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)
