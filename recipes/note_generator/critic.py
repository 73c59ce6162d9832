"""The network that a generator is trained against: how real notes are, and which pitch they have.

Source: Engel et al., GANSynth (ICLR 2019), after Karras et al., Progressive Growing of GANs (ICLR
2018). It grows with the generator, from the coarsest resolution on (see ``network_torch``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.generation.note_generator.architecture import (
    CHANNELS,
    PITCHES,
    START_HEIGHT,
    START_WIDTH,
)
from moodprint.generation.note_generator.network_torch import (
    LINEAR_GAIN,
    ScaledConv,
    grown_blocks,
    leaky_relu,
)

_NORM_FLOOR = 1e-8
"""Added to a variance, so that its root has a slope at 0."""


class CriticBlock(nn.Module):
    """Two convolutions at one resolution, and the one that turns a melspecgram into features."""

    def __init__(self, number: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.from_rgb = ScaledConv(CHANNELS, inputs, 1)
        self.conv0 = ScaledConv(inputs + (number == 1), inputs, 3)
        last = (START_HEIGHT, START_WIDTH) if number == 1 else 3
        self.conv1 = ScaledConv(inputs, outputs, last)

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, T, F] to [B, outputs, T, F], or to one pixel in the first block."""
        return leaky_relu(self.conv1(leaky_relu(self.conv0(x))))


class CriticNetwork(nn.Module):
    """Melspecgrams [B, 2, T, F] to a score of realness [B] and logits of pitches [B, 61].

    ``features`` are those of the generator's blocks; the first block gives as many as it takes.
    """

    def __init__(self, features: Sequence[int]) -> None:
        super().__init__()
        widths = [features[0], *features]
        self.blocks = nn.ModuleList(
            CriticBlock(n, widths[n], widths[n - 1]) for n in range(1, len(widths))
        )
        self.realness = ScaledConv(widths[0], 1, 1, LINEAR_GAIN)
        self.pitch = ScaledConv(widths[0], PITCHES, 1, LINEAR_GAIN)

    def forward(self, image: Tensor, progress: float) -> tuple[Tensor, Tensor]:
        """Of images at the resolution of the highest block that ``progress`` reaches."""
        grown, fade = grown_blocks(progress, len(self.blocks))
        x = self._features(grown, image)
        for number in range(grown, 0, -1):
            if number == 1:
                x = with_deviation(x)
            x = self.blocks[number - 1](x)
            if number > 1:
                x = functional.avg_pool2d(x, 2)
            if number == grown and fade < 1:
                x = torch.lerp(self._features(grown - 1, functional.avg_pool2d(image, 2)), x, fade)
        return self.realness(x).flatten(), self.pitch(x).flatten(1)

    def _features(self, block: int, image: Tensor) -> Tensor:
        return leaky_relu(cast(CriticBlock, self.blocks[block - 1]).from_rgb(image))


def with_deviation(x: Tensor) -> Tensor:
    """One more feature: how much the batch differs within itself, the same everywhere."""
    deviation = torch.sqrt(x.float().var(0, correction=0) + _NORM_FLOOR).mean().to(x.dtype)
    return torch.cat([x, deviation.expand(x.shape[0], 1, *x.shape[2:])], 1)
