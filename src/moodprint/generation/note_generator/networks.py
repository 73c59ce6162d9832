"""The two networks of GANSynth in PyTorch, for training. Playing needs no torch: see generator.

Source: Engel et al. (ICLR 2019), after Karras et al., Progressive Growing of GANs (ICLR 2018).
Tensors are [B, 2, T, F] here, channels first; ``progress`` counts blocks: at 1 the networks see
2 x 16 alone, between 1 and 2 the second block fades in, and at 7 all is grown.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.generation.note_generator.partials import PHASE_PLANE, partial_planes
from moodprint.generation.note_generator.weights import (
    CHANNELS,
    FULL_BLOCKS,
    GUIDE_PLANES,
    LATENT_SIZE,
    PITCHES,
    START_HEIGHT,
    START_WIDTH,
    Block,
    Layer,
    filters,
    scaled,
)

_LEAK = 0.2
_NORM_FLOOR = 1e-8
_RELU_GAIN, _LINEAR_GAIN, _GUIDE_GAIN = 2.0, 1.0, 2.0


class ScaledConv(nn.Module):
    """A convolution with an equalised learning rate: weights of unit variance, scaled in use.

    Where ``size`` is odd the output is as large as the input; a pair means no padding.
    """

    def __init__(
        self, inputs: int, outputs: int, size: int | tuple[int, int], gain: float = _RELU_GAIN
    ) -> None:
        super().__init__()
        height, width = (size, size) if isinstance(size, int) else size
        self.padding = size // 2 if isinstance(size, int) else 0
        self.gain = gain
        self.scale = math.sqrt(gain / (inputs * height * width))
        self.weight = nn.Parameter(torch.randn(outputs, inputs, height, width))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor) -> Tensor:
        # Scaling before the product keeps half precision away from overflow.
        return functional.conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)

    def spread(self, x: Tensor) -> Tensor:
        """A single pixel [B, D, 1, 1], with zeros all around it, convolved: as large as the kernel.

        It is the kernel turned by half a turn, so one product of matrices does it.
        """
        kernel = (self.weight * self.scale).flip(2, 3)
        return torch.einsum("bi,oihw->bohw", x[:, :, 0, 0], kernel) + self.bias[:, None, None]

    def layer(self) -> Layer:
        """The plain weights, as the graph takes them."""
        kernel = self.weight.detach().float().cpu().permute(2, 3, 1, 0).numpy()
        return Layer(scaled(kernel, self.gain), self.bias.detach().float().cpu().numpy())


def pixel_norm(x: Tensor) -> Tensor:
    """Features [B, D, ...] at unit mean square over D."""
    return x * torch.rsqrt(x.float().square().mean(1, keepdim=True) + _NORM_FLOOR).to(x.dtype)


def _activated(x: Tensor) -> Tensor:
    return pixel_norm(functional.leaky_relu(x, _LEAK))


class GeneratorBlock(nn.Module):
    def __init__(self, number: int, inputs: int, outputs: int, guided: bool = False) -> None:
        super().__init__()
        first = (START_HEIGHT, START_WIDTH) if number == 1 else 3
        self.number = number
        self.conv0 = ScaledConv(inputs, outputs, first)
        self.conv1 = ScaledConv(outputs, outputs, 3)
        self.to_rgb = ScaledConv(outputs, CHANNELS, 1, _LINEAR_GAIN)
        self.guide = ScaledConv(GUIDE_PLANES, outputs, 1, _GUIDE_GAIN) if guided else None

    def forward(self, x: Tensor, planes: Tensor | None = None) -> Tensor:
        """``planes`` [B, 8, 1, 1024] tell a guided block where partials are."""
        x = self.conv0.spread(x) if self.number == 1 else self.conv0(enlarged(x, 2))
        if self.guide is not None and planes is not None:
            x = x + self.guide(_pooled(planes, x.shape[-1]))
        return _activated(self.conv1(_activated(x)))

    def plain(self) -> Block:
        guide = None if self.guide is None else self.guide.layer()
        return Block(self.conv0.layer(), self.conv1.layer(), self.to_rgb.layer(), guide)


class GeneratorNetwork(nn.Module):
    """Latents [B, 256] and pitches [B] (0 for MIDI 24) to normalised melspecgrams [B, 2, T, F].

    A guided one is told at each resolution where the partials of the pitch lie, and at the last
    one adds their phase steps before tanh (``partials``); GANSynth's own is not guided.
    """

    def __init__(
        self, blocks: int = FULL_BLOCKS, base: int = 4096, most: int = 256, guided: bool = False
    ) -> None:
        super().__init__()
        widths = [LATENT_SIZE + PITCHES, *(filters(n, base, most) for n in range(1, blocks + 1))]
        self.blocks = nn.ModuleList(
            GeneratorBlock(n, widths[n - 1], widths[n], guided) for n in range(1, blocks + 1)
        )
        planes = torch.from_numpy(partial_planes()) if guided else None
        self.register_buffer("planes", planes, persistent=False)

    def forward(self, latent: Tensor, pitch: Tensor, progress: float) -> Tensor:
        """The output at the resolution of the highest block that ``progress`` reaches."""
        x, planes = self._inputs(latent, pitch)
        grown, fade = grown_blocks(progress, len(self.blocks))
        before = x
        for block in self.blocks[:grown]:
            before, x = x, block(x, planes)
        image = self._image(grown, x, planes)
        if fade < 1:
            coarse = enlarged(self._image(grown - 1, before, planes), 2)
            image = torch.lerp(coarse, image, fade)
        return image

    def window(self, latent: Tensor, pitch: Tensor, first: int, frames: int) -> Tensor:
        """The frames [B, 2, frames, F] from ``first`` on of the fully grown output, exactly, for
        little more than their share of the work."""
        x, planes = self._inputs(latent, pitch)
        spans = _spans(len(self.blocks), first, first + frames)
        begin = 0
        for block, (low, high) in zip(self.blocks, spans, strict=True):
            x = block(x, planes)
            begin *= 2
            x = x[:, :, low - begin : high - begin]
            begin = low
        return self._image(len(self.blocks), x, planes)

    def _inputs(self, latent: Tensor, pitch: Tensor) -> tuple[Tensor, Tensor | None]:
        one_hot = functional.one_hot(pitch, PITCHES).to(latent.dtype)
        x = pixel_norm(torch.cat([latent, one_hot], 1))[:, :, None, None]
        return x, None if self.planes is None else cast(Tensor, self.planes)[pitch][:, :, None]

    def _image(self, block: int, x: Tensor, planes: Tensor | None) -> Tensor:
        image = cast(GeneratorBlock, self.blocks[block - 1]).to_rgb(x)
        if planes is not None and block == FULL_BLOCKS:
            steps = planes[:, PHASE_PLANE : PHASE_PLANE + 1]
            image = image + torch.cat([torch.zeros_like(steps), steps], 1)
        return torch.tanh(image)

    def plain_blocks(self, grown: int) -> tuple[Block, ...]:
        """The plain weights of the first ``grown`` blocks."""
        return tuple(cast(GeneratorBlock, block).plain() for block in self.blocks[:grown])


def _pooled(planes: Tensor, bands: int) -> Tensor:
    return functional.avg_pool2d(planes, (1, planes.shape[-1] // bands))


def _spans(blocks: int, low: int, high: int) -> list[tuple[int, int]]:
    """The rows of each block's output that rows ``low`` to ``high`` of the last one depend on.

    Two convolutions reach two rows further, which are one row of the block before.
    """
    spans = [(low, high)]
    for block in range(blocks - 1, 0, -1):
        low, high = max(0, (low - 2) // 2), min(-(-(high + 2) // 2), START_HEIGHT << (block - 1))
        spans.insert(0, (low, high))
    return spans


class DiscriminatorBlock(nn.Module):
    def __init__(self, number: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.from_rgb = ScaledConv(CHANNELS, inputs, 1)
        self.conv0 = ScaledConv(inputs + (number == 1), inputs, 3)
        last = (START_HEIGHT, START_WIDTH) if number == 1 else 3
        self.conv1 = ScaledConv(inputs, outputs, last)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.leaky_relu(self.conv0(x), _LEAK)
        return functional.leaky_relu(self.conv1(x), _LEAK)


class DiscriminatorNetwork(nn.Module):
    """Melspecgrams [B, 2, T, F] to a score of realness [B] and logits of pitches [B, 61]."""

    def __init__(self, blocks: int = FULL_BLOCKS, base: int = 4096, most: int = 256) -> None:
        super().__init__()
        widths = [filters(n, base, most) for n in range(blocks + 1)]
        self.blocks = nn.ModuleList(
            DiscriminatorBlock(n, widths[n], widths[n - 1]) for n in range(1, blocks + 1)
        )
        self.realness = ScaledConv(widths[0], 1, 1, _LINEAR_GAIN)
        self.pitch = ScaledConv(widths[0], PITCHES, 1, _LINEAR_GAIN)

    def forward(self, image: Tensor, progress: float) -> tuple[Tensor, Tensor]:
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
        rgb = cast(DiscriminatorBlock, self.blocks[block - 1]).from_rgb
        return functional.leaky_relu(rgb(image), _LEAK)


def grown_blocks(progress: float, blocks: int) -> tuple[int, float]:
    """How many blocks take part, and how far the last one has faded in, in (0, 1]."""
    progress = min(max(progress, 1.0), float(blocks))
    grown = math.ceil(progress)
    return grown, 1.0 - (grown - progress)


def enlarged(x: Tensor, factor: int) -> Tensor:
    return functional.interpolate(x, scale_factor=factor, mode="nearest")


def with_deviation(x: Tensor) -> Tensor:
    """One more feature: how much the batch differs within itself, the same everywhere."""
    deviation = torch.sqrt(x.float().var(0, correction=0) + _NORM_FLOOR).mean().to(x.dtype)
    return torch.cat([x, deviation.expand(x.shape[0], 1, *x.shape[2:])], 1)
