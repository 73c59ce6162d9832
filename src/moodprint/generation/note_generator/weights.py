"""The weights of a generator as plain arrays: read from checkpoints, built into graphs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from moodprint.clip import FloatArray
from moodprint.errors import BundleError

LATENT_SIZE = 256
LOWEST_PITCH, HIGHEST_PITCH = 24, 84
PITCHES = HIGHEST_PITCH - LOWEST_PITCH + 1
START_HEIGHT, START_WIDTH = 2, 16
CHANNELS = 2
GUIDE_PLANES = 8
FULL_BLOCKS = 7
"""Blocks of a network at full size: from 2 x 16 to 128 x 1,024, doubling at each."""


@dataclass(frozen=True)
class Layer:
    """A convolution: ``kernel`` [height, width, in, out] as it is applied, scaling included."""

    kernel: FloatArray
    bias: FloatArray


@dataclass(frozen=True)
class Block:
    """Two convolutions at one resolution, and the one that turns their features into an output.

    ``guide`` takes the planes of ``partials`` to the features of conv0, in a guided generator.
    """

    conv0: Layer
    conv1: Layer
    to_rgb: Layer
    guide: Layer | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        every = (self.conv0, self.conv1, self.to_rgb, self.guide)
        return tuple(layer for layer in every if layer is not None)


@dataclass(frozen=True)
class Normalizer:
    """How melspecgrams are brought into the reach of tanh: output = a * value + b."""

    magnitude_a: float
    magnitude_b: float
    phase_a: float
    phase_b: float


@dataclass(frozen=True)
class GeneratorWeights:
    """A generator of ``len(blocks)`` resolutions; fewer than seven give a coarser output.

    Raises:
        BundleError: the shapes of the layers do not fit together.
    """

    blocks: tuple[Block, ...]
    normalizer: Normalizer

    def __post_init__(self) -> None:
        if not 1 <= len(self.blocks) <= FULL_BLOCKS:
            raise BundleError(f"a generator has 1 to {FULL_BLOCKS} blocks, not {len(self.blocks)}")
        features = LATENT_SIZE + PITCHES
        for number, block in enumerate(self.blocks, start=1):
            first = (START_HEIGHT, START_WIDTH) if number == 1 else (3, 3)
            wide = block.conv0.bias.size
            _check(f"block {number} conv0", block.conv0, (*first, features, wide))
            _check(f"block {number} conv1", block.conv1, (3, 3, wide, wide))
            _check(f"block {number} to_rgb", block.to_rgb, (1, 1, wide, CHANNELS))
            if block.guide is not None:
                _check(f"block {number} guide", block.guide, (1, 1, GUIDE_PLANES, wide))
            features = wide
        if len({block.guide is None for block in self.blocks}) > 1:
            raise BundleError("either all blocks of a generator have a guide, or none")

    @property
    def guided(self) -> bool:
        """Whether the blocks are told where the partials of the pitch lie."""
        return self.blocks[0].guide is not None

    @property
    def parameters(self) -> int:
        return sum(
            layer.kernel.size + layer.bias.size for block in self.blocks for layer in block.layers
        )


def filters(block: int, base: int = 4096, most: int = 256) -> int:
    """How many features block 1, 2, ... has: min(base / 2^block, most)."""
    return max(1, min(base >> block, most))


def scaled(kernel: FloatArray, gain: float) -> FloatArray:
    """A kernel [height, width, in, out] as it is applied under an equalised learning rate.

    It is trained at unit variance and multiplied by sqrt(gain / fan_in) whenever it is used
    (Karras et al., ICLR 2018): gain is 2 before a leaky ReLU and 1 before tanh.
    """
    fan_in = int(np.prod(kernel.shape[:3]))
    in_use: FloatArray = (kernel * np.sqrt(gain / fan_in)).astype(np.float32)
    return in_use


def _check(name: str, layer: Layer, shape: tuple[int, ...]) -> None:
    if layer.kernel.shape != shape or layer.bias.shape != shape[-1:]:
        raise BundleError(
            f"{name}: its kernel has the shape {layer.kernel.shape}, its bias "
            f"{layer.bias.shape}; expected {shape} and {shape[-1:]}"
        )
    if not (np.isfinite(layer.kernel).all() and np.isfinite(layer.bias).all()):
        raise BundleError(f"{name}: holds values that are not finite")
