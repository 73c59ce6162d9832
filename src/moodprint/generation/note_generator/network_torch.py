"""The generator network in PyTorch: what training changes, and what ONNX is exported from.

Playing needs no torch (see ``generator``). Source: Engel et al., GANSynth (ICLR 2019), after Karras
et al., Progressive Growing of GANs (ICLR 2018). Tensors are [B, D, T, F] here, channels first.
``progress`` counts blocks: at 1 the output is 2 x 16 alone, between 1 and 2 the second block fades
in, and at 7 all is grown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.generation.note_generator.architecture import (
    CHANNELS,
    FULL_BLOCKS,
    GUIDE_PLANES,
    INPUT_SIZE,
    PITCHES,
    START_HEIGHT,
    START_WIDTH,
)
from moodprint.generation.note_generator.partials import PHASE_PLANE, partial_planes

_LEAK = 0.2
_NORM_FLOOR = 1e-8
RELU_GAIN, LINEAR_GAIN = 2.0, 1.0
"""By how much a layer's variance must grow for that of its output to stay 1: a leaky ReLU halves
it, tanh near 0 does not (He et al., ICCV 2015)."""


class ScaledConv(nn.Module):
    """A convolution with an equalised learning rate: weights of unit variance, scaled in use.

    ``size`` is odd; zeros around the input keep the output as large.
    """

    def __init__(
        self, inputs: int, outputs: int, size: int | tuple[int, int], gain: float = RELU_GAIN
    ) -> None:
        super().__init__()
        height, width = (size, size) if isinstance(size, int) else size
        self.padding = size // 2 if isinstance(size, int) else 0
        self.scale = math.sqrt(gain / (inputs * height * width))
        self.weight = nn.Parameter(torch.randn(outputs, inputs, height, width))
        self.bias = nn.Parameter(torch.zeros(outputs))

    @property
    def kernel(self) -> Tensor:
        """The weights as they are applied. Scaling them, and not the sums, keeps half precision
        away from overflow."""
        return self.weight * self.scale

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, T, F] to [B, outputs, T, F]."""
        return functional.conv2d(x, self.kernel, self.bias, padding=self.padding)


class PixelConv(ScaledConv):
    """A convolution of a single pixel with zeros all around it: as large as the kernel."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, (START_HEIGHT, START_WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, 1, 1] to [B, outputs, 2, 16].

        Each place sees the pixel through one tap, so a product with the kernel, turned by half a
        turn, does it.
        """
        taps = self.kernel.flip(2, 3)
        outputs, inputs, height, width = taps.shape
        matrix = taps.permute(1, 0, 2, 3).reshape(inputs, -1)
        sums = torch.matmul(x.flatten(1), matrix).reshape(-1, outputs, height, width)
        return sums + self.bias[:, None, None]


class UpsamplingConv(ScaledConv):
    """Each pixel repeated 2 x 2, then a 3 x 3 convolution: as one transposed convolution, in 4 / 9
    of the multiplications.

    Of the repeated pixels a window sees only 2 x 2 different ones, so taps that fall on the same
    one are added beforehand (the fused upscaling of Karras et al.). On a CPU, onnxruntime takes
    0.6 to 0.8 of the time of four small convolutions whose results are interleaved.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3)

    def forward(self, x: Tensor) -> Tensor:
        """[B, inputs, T, F] to [B, outputs, 2 T, 2 F]."""
        sums = 4 * functional.avg_pool2d(self.kernel, 2, stride=1, padding=1)
        taps = sums.flip(2, 3).transpose(0, 1)
        return functional.conv_transpose2d(x, taps, self.bias, stride=2, padding=1)


class GeneratorBlock(nn.Module):
    """Two convolutions at one resolution, and the one that turns their features into an output."""

    def __init__(self, number: int, inputs: int, outputs: int, guided: bool = False) -> None:
        super().__init__()
        first = PixelConv if number == 1 else UpsamplingConv
        self.bands_per_pixel = 2 ** (FULL_BLOCKS - number)
        self.conv0 = first(inputs, outputs)
        self.conv1 = ScaledConv(outputs, outputs, 3)
        self.to_rgb = ScaledConv(outputs, CHANNELS, 1, LINEAR_GAIN)
        self.guide = ScaledConv(GUIDE_PLANES, outputs, 1) if guided else None

    def forward(self, x: Tensor, planes: Tensor | None = None) -> Tensor:
        """``planes`` [B, 8, 1, 1024] tell a guided block where partials are."""
        x = self.conv0(x)
        if self.guide is not None and planes is not None:
            x = x + self.guide(functional.avg_pool2d(planes, (1, self.bands_per_pixel)))
        return _activated(self.conv1(_activated(x)))


class GeneratorNetwork(nn.Module):
    """Latents [B, 256] and pitches [B] (0 for MIDI 24) to normalised melspecgrams [B, 2, T, F].

    ``features`` are those of each block (``architecture.feature_counts``). A guided network gets
    at each resolution the places of the partials of the pitch, and at the last one adds their
    phase steps before tanh (``partials``); GANSynth's own is not guided.
    """

    def __init__(self, features: Sequence[int], guided: bool = False) -> None:
        super().__init__()
        widths = [INPUT_SIZE, *features]
        self.blocks = nn.ModuleList(
            GeneratorBlock(n, widths[n - 1], widths[n], guided) for n in range(1, len(widths))
        )
        planes = torch.from_numpy(partial_planes()) if guided else None
        self.register_buffer("planes", planes, persistent=False)

    @property
    def parameter_count(self) -> int:
        """How many numbers training changes."""
        return sum(parameter.numel() for parameter in self.parameters())

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
        begin = 0
        for block, (low, high) in zip(
            self.blocks, _spans(len(self.blocks), first, first + frames), strict=True
        ):
            x = block(x, planes)
            begin *= 2
            x = x[:, :, low - begin : high - begin]
            begin = low
        return self._image(len(self.blocks), x, planes)

    def beginning(self, latent: Tensor, pitch: Tensor, frames: int) -> Tensor:
        """The first frames [B, 2, frames, 1024] of notes at full size, as ``window`` gives them;
        those of a network of fewer blocks are enlarged."""
        factor = 2 ** (FULL_BLOCKS - len(self.blocks))
        if factor == 1:
            return self.window(latent, pitch, 0, frames)
        coarse = self.window(latent, pitch, 0, (frames + factor - 1) // factor)
        return enlarged(coarse, factor)[:, :, :frames]

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


def grown_blocks(progress: float, blocks: int) -> tuple[int, float]:
    """How many blocks take part, and how far the last one has faded in, in (0, 1]."""
    progress = min(max(progress, 1.0), float(blocks))
    grown = math.ceil(progress)
    return grown, 1.0 - (grown - progress)


def pixel_norm(x: Tensor) -> Tensor:
    """Features [B, D, ...] at unit mean square over D."""
    return x * torch.rsqrt(x.float().square().mean(1, keepdim=True) + _NORM_FLOOR).to(x.dtype)


def enlarged(x: Tensor, factor: int) -> Tensor:
    """[B, D, T, F] with each pixel repeated ``factor`` x ``factor``."""
    return functional.interpolate(x, scale_factor=factor, mode="nearest")


def leaky_relu(x: Tensor) -> Tensor:
    """GANSynth's: a fifth of what is negative goes through."""
    return functional.leaky_relu(x, _LEAK)


def _activated(x: Tensor) -> Tensor:
    return pixel_norm(leaky_relu(x))


def _spans(blocks: int, low: int, high: int) -> list[tuple[int, int]]:
    """The rows of each block's output that rows ``low`` to ``high`` of the last one depend on;
    ``high`` may lie beyond the last row.

    Two convolutions reach two rows further, which are one row of the block before.
    """
    spans = [(low, high)]
    for _ in range(blocks - 1):
        low, high = max(0, (low - 2) // 2), (high + 3) // 2
        spans.insert(0, (low, high))
    return spans
