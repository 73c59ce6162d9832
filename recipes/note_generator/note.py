"""A note to train on. Apart from where notes come from, so that training needs no decoder."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.clip import FloatArray
from moodprint.generation.note_generator.stft import SAMPLE_RATE_HZ

NOTE_S = 4.0
NOTE_SAMPLES = round(NOTE_S * SAMPLE_RATE_HZ)


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
