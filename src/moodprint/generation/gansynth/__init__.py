"""A GANSynth of our own: single notes made by a generative adversarial network."""

from moodprint.generation.gansynth.representation import (
    melspecgram_from_waveform,
    waveform_from_melspecgram,
)

__all__ = ["melspecgram_from_waveform", "waveform_from_melspecgram"]
