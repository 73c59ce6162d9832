"""Single notes to train on: rendered from SoundFonts, or read from folders of recordings."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from moodprint.audio.decode import decode
from moodprint.clip import FloatArray
from moodprint.errors import InputError, MissingFileError
from moodprint.generation.note_generator.architecture import HIGHEST_PITCH, LOWEST_PITCH
from moodprint.generation.note_generator.generator import NOTE_SAMPLES
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ
from moodprint.generation.note_quality.note_shards import Note, NoteLabel
from moodprint.generation.soundfont import SoundFont

NOTE_S = NOTE_SAMPLES / SAMPLE_RATE_HZ
HELD_S = 3.0
"""As the notes of NSynth are: a second is left for the release."""
MELODIC_PROGRAMS = tuple(p for p in range(112) if p not in (47, 55) and not 96 <= p <= 103)
"""General MIDI's programs but drums, effects, timpani and the orchestra hit: not one pitch each."""

_PEAK = 0.5
"""So that no coding of the notes clips."""
_SILENT_PEAK = 1e-4
"""About the noise of 13 bits: a program that plays no louder than this plays nothing."""
_ONSET_SHARE_OF_PEAK = 0.02
"""34 dB below the peak: above the noise of recordings, and early in any attack."""


@dataclass(frozen=True)
class PlannedNote:
    """A note before it is rendered or read, so that many can be shuffled at no cost."""

    label: NoteLabel
    sound: Callable[[], FloatArray | None]
    """Gives the samples of the Note, or None where it is silent."""


def rendered(planned: Iterable[PlannedNote]) -> Iterator[Note]:
    """The notes, one after the other as they are asked for; silent ones are left out."""
    for plan in planned:
        samples = plan.sound()
        if samples is not None:
            yield Note(plan.label, samples)


def prepared(samples: FloatArray, *, from_onset: bool = False) -> FloatArray | None:
    """A sound brought to the length and peak of a Note; None where it is silent."""
    peak = float(np.abs(samples).max(initial=0.0))
    if not peak > _SILENT_PEAK:
        return None
    if from_onset:
        samples = samples[int(np.argmax(np.abs(samples) > _ONSET_SHARE_OF_PEAK * peak)) :]
    note = np.zeros(NOTE_SAMPLES, np.float32)
    kept = samples[:NOTE_SAMPLES]
    note[: len(kept)] = kept * (_PEAK / peak)
    return note


def soundfont_notes(
    path: str | Path, velocities: Sequence[int], programs: Sequence[int] = MELODIC_PROGRAMS
) -> Iterator[PlannedNote]:
    """Every program at every pitch and velocity; programs that the font lacks are left out."""
    font = SoundFont(path, SAMPLE_RATE_HZ)
    for program in programs:
        name = font.program_name(program)
        if name is None:
            continue
        for pitch in range(LOWEST_PITCH, HIGHEST_PITCH + 1):
            for velocity in velocities:
                label = NoteLabel(name, pitch, velocity, Path(path).stem)
                yield PlannedNote(label, partial(_played, font, program, pitch, velocity))


_DYNAMICS = {"pianissimo": 40, "piano": 55, "mezzo-piano": 70, "mezzo-forte": 85}
_FORTE = 100


def recorded_notes(folder: str | Path) -> Iterator[PlannedNote]:
    """Notes of a folder with ``labels.csv`` (file, instrument, pitch_midi, dynamic), from their
    onset; the file names are relative to the folder.

    Raises:
        MissingFileError: there is no labels.csv, or (when rendered) a file that it names.
        InputError: labels.csv lacks one of the columns.
    """
    folder = Path(folder)
    table = _present(folder / "labels.csv")
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            try:
                pitch, instrument = int(row["pitch_midi"]), row["instrument"]
                velocity = _DYNAMICS.get(row["dynamic"], _FORTE)
                path = folder / row["file"]
            except (KeyError, ValueError) as error:
                raise InputError(
                    f"{table}: expected the columns file, instrument, pitch_midi, dynamic: {error}"
                ) from error
            if _in_range(pitch):
                label = NoteLabel(instrument, pitch, velocity, folder.name)
                yield PlannedNote(label, partial(_recorded, path))


def nsynth_notes(
    folder: str | Path, sources: Sequence[str] = ("acoustic",)
) -> Iterator[PlannedNote]:
    """Notes of one split of the NSynth data set: ``examples.json`` and ``audio/NAME.wav``.

    ``sources`` are those of NSynth: acoustic, electronic, synthetic. GANSynth took acoustic alone.

    Raises:
        MissingFileError: examples.json, or (when rendered) a file that it names, is missing.
        InputError: examples.json is not as NSynth's is.
    """
    folder = Path(folder)
    table = _present(folder / "examples.json")
    try:
        examples = json.loads(table.read_text())
        wanted = [
            (name, NoteLabel(item["instrument_str"], item["pitch"], item["velocity"], "nsynth"))
            for name, item in sorted(examples.items())
            if item["instrument_source_str"] in sources
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{table}: is not as NSynth's examples.json is: {error!r}") from error
    for name, label in wanted:
        if _in_range(label.pitch_midi):
            yield PlannedNote(label, partial(_recorded, folder / "audio" / f"{name}.wav"))


def _present(path: Path) -> Path:
    if not path.is_file():
        raise MissingFileError(f"{path}: no such file")
    return path


def _in_range(pitch_midi: int) -> bool:
    return LOWEST_PITCH <= pitch_midi <= HIGHEST_PITCH


def _played(font: SoundFont, program: int, pitch_midi: int, velocity: int) -> FloatArray | None:
    return prepared(font.note(program, pitch_midi, velocity, HELD_S, NOTE_S))


def _recorded(path: Path) -> FloatArray | None:
    clip = decode(path, sample_rate_hz=SAMPLE_RATE_HZ, mono=True)
    return prepared(clip.mono, from_onset=True)
