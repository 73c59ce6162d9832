"""The numbers that all note generators share: latents, pitches, resolutions and their features.

They are those of GANSynth (Engel et al., ICLR 2019), as its checkpoints depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass

LATENT_SIZE = 256
LOWEST_PITCH, HIGHEST_PITCH = 24, 84
"""MIDI; the notes of NSynth that GANSynth was trained on."""
PITCHES = HIGHEST_PITCH - LOWEST_PITCH + 1
INPUT_SIZE = LATENT_SIZE + PITCHES
"""A latent, and the pitch as a one-hot vector beside it."""
START_HEIGHT, START_WIDTH = 2, 16
CHANNELS = 2
"""Log magnitude and the phase's step, as in ``representation``."""
GUIDE_PLANES = 8
FULL_BLOCKS = 7
"""Blocks of a network at full size: from 2 x 16 to 128 x 1,024, doubling at each."""
FRAMES, BANDS = START_HEIGHT << (FULL_BLOCKS - 1), START_WIDTH << (FULL_BLOCKS - 1)
"""The size of what a network at full size puts out: 4 s of 1,024 mel bands."""


@dataclass(frozen=True)
class Normalizer:
    """How melspecgrams are brought into the reach of tanh: output = a * value + b."""

    magnitude_a: float
    magnitude_b: float
    phase_a: float
    phase_b: float


def feature_counts(blocks: int = FULL_BLOCKS, base: int = 4096, most: int = 256) -> tuple[int, ...]:
    """How many features each block has: min(base / 2^block, most) for block 1, 2, ..., at least 1.

    The defaults are the paper's: 256, 256, 256, 256, 128, 64, 32.
    """
    return tuple(max(1, min(base >> block, most)) for block in range(1, blocks + 1))
