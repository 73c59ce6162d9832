"""Prepared notes on disk, in shards that are small enough to be sent one by one.

A shard is ``notes-000.flac``, its notes end to end (4 s each, 16 kHz, 16 bits), and
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

from moodprint.clip import FloatArray
from moodprint.engine import file_limits, run
from moodprint.errors import CorpusError, MissingFileError
from moodprint.generation.note_generator.generator import NOTE_SAMPLES
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ

_MEMORY_BYTES = 4 * 1024**3
"""A shard is read whole, and losslessly coded silence takes no room in a file."""
LARGEST_SHARD_BYTES = 55 * 1024 * 1024
"""Below what most ways of sending files take at once; about 1,100 notes."""
SHARDS = "notes-*.flac"
_FULL_SCALE = 32_768


@dataclass(frozen=True)
class NoteLabel:
    """What a note is. ``source`` names the SoundFont or collection that it comes from."""

    instrument: str
    pitch_midi: int
    velocity: int
    source: str

    @property
    def full_name(self) -> str:
        """The instrument's name and its source's; those of two sources are two instruments."""
        return f"{self.instrument} ({self.source})"


@dataclass(frozen=True)
class Note:
    """A note of 64,000 samples at 16 kHz, from its onset on, with a peak of 0.5."""

    label: NoteLabel
    samples: FloatArray


@dataclass(frozen=True)
class NoteSet:
    """Many notes: ``samples`` int16 [B, 64000], and a label for each."""

    labels: tuple[NoteLabel, ...]
    samples: npt.NDArray[np.int16]


def write_shards(
    notes: Iterable[Note], folder: str | Path, largest_bytes: int = LARGEST_SHARD_BYTES
) -> int:
    """Write notes as shards of at most ``largest_bytes`` each (and a note); how many notes.

    Raises:
        CorpusError: the folder holds shards already.
    """
    folder = Path(folder)
    if holds_notes(folder):
        raise CorpusError(f"{folder}: holds prepared notes already; remove them first")
    folder.mkdir(parents=True, exist_ok=True)
    remaining = iter(notes)
    written = shard = 0
    while labels := _write_shard(remaining, folder / f"notes-{shard:03d}.flac", largest_bytes):
        written += labels
        shard += 1
    return written


def read_shards(folder: str | Path) -> NoteSet:
    """All notes of all shards in a folder, decoded in a process of its own.

    Raises:
        MissingFileError: there is no shard.
        CorpusError: a shard is broken, or does not fit its list of labels.
    """
    paths = shards(folder)
    if not paths:
        raise MissingFileError(f"{folder}: holds no prepared notes (notes-000.flac, ...)")
    outcomes = run(_read_shard, paths, workers=1, limits=file_limits(memory_bytes=_MEMORY_BYTES))
    parts = [outcome.unwrap() for outcome in outcomes]
    labels = tuple(label for part in parts for label in part.labels)
    return NoteSet(labels, np.concatenate([part.samples for part in parts]))


def shards(folder: str | Path) -> list[Path]:
    """The shards in a folder, in order; none where it is no folder."""
    return sorted(Path(folder).glob(SHARDS))


def holds_notes(place: str | Path) -> bool:
    """Whether it is a folder with prepared notes."""
    return bool(shards(place))


def as_float(samples: npt.NDArray[np.int16]) -> FloatArray:
    """Samples in [-1, 1)."""
    return samples.astype(np.float32) / np.float32(_FULL_SCALE)


def _write_shard(notes: Iterable[Note], path: Path, largest_bytes: int) -> int:
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


def _read_shard(path: Path) -> NoteSet:
    try:
        samples, rate_hz = soundfile.read(path, dtype="int16")
        fields = json.loads(path.with_suffix(".json").read_text())
        labels = tuple(NoteLabel(**item) for item in fields)
    except (soundfile.LibsndfileError, ValueError, TypeError, OSError) as error:
        raise CorpusError(f"{path}: cannot be read: {error}") from error
    if rate_hz != SAMPLE_RATE_HZ:
        raise CorpusError(f"{path}: is at {rate_hz} Hz; notes are at {SAMPLE_RATE_HZ} Hz")
    if samples.shape != (len(labels) * NOTE_SAMPLES,):
        raise CorpusError(
            f"{path}: holds samples of the shape {samples.shape}; its {len(labels)} labels need "
            f"{len(labels) * NOTE_SAMPLES}, one channel"
        )
    return NoteSet(labels, samples.reshape(-1, NOTE_SAMPLES))
