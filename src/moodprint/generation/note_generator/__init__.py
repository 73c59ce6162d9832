"""Single notes made by a network, in GANSynth's representation, and songs played with them.

Latents and pitches go in, melspecgrams of magnitude and instantaneous frequency come out (Engel et
al., GANSynth, ICLR 2019); a checkpoint of Magenta's plays as well as what our recipe trained.
"""

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
