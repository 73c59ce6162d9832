"""The public names of ``note_generator`` under the name of the model that it re-makes."""

from moodprint.generation.note_generator import (
    Generator,
    GeneratorCard,
    load_generator,
    melspecgram_from_waveform,
    waveform_from_melspecgram,
)

__all__ = [
    "Generator",
    "GeneratorCard",
    "load_generator",
    "melspecgram_from_waveform",
    "waveform_from_melspecgram",
]
