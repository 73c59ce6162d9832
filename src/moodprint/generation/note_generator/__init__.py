"""A GANSynth of our own: single notes made by a generative adversarial network."""

from moodprint.generation.note_generator.card import GeneratorCard
from moodprint.generation.note_generator.generator import Generator, load_generator
from moodprint.generation.note_generator.representation import (
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
