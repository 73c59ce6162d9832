"""MusiCNN as a torch module, made from the variables of its TensorFlow checkpoint.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR
2019). Shape letters: B patches, C channels; a patch has 187 frames (3 s) of 96 mel bands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from moodprint.clip import FloatArray

Variables = Mapping[str, npt.NDArray[Any]]
"""By name: ``conv2d_3/kernel``, ``batch_normalization_4/gamma``, ``dense/bias`` ..."""

_EPSILON = 1e-3
"""Of TensorFlow's batch normalisation."""


class MusicnnModule(nn.Module):
    """Patches [B, 187, 96] to the last layer but one [B, 200] and the logits of 50 tags [B, 50]."""

    def __init__(self, variables: Variables) -> None:
        super().__init__()
        self.norm = Scaling(variables, 0, ())
        # Filters of 7 frames over 38 or 67 bands hear timbre, long ones in single bands hear time.
        self.front = nn.ModuleList(StrongestBand(variables, number) for number in range(5))
        self.middle = nn.ModuleList(FramesAround(variables, number) for number in (5, 6, 7))
        self.pooled_norm = Scaling(variables, 9, (-1,))
        self.hidden = _dense(variables, 0)
        self.hidden_norm = Scaling(variables, 10, (-1,))
        self.tags = _dense(variables, 1)

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        x = self.norm(patches)[:, None]
        front = torch.cat([layer(x) for layer in self.front], dim=1)  # [B, C, 187]
        first = self.middle[0](front)
        second = self.middle[1](first) + first
        third = self.middle[2](second) + second
        layers = torch.cat([front, first, second, third], dim=1)
        # The maximum and the mean of a channel lie side by side.
        pooled = torch.stack([layers.amax(dim=2), layers.mean(dim=2)], dim=2).flatten(1)
        hidden = self.hidden_norm(functional.relu(self.hidden(self.pooled_norm(pooled))))
        return hidden, self.tags(hidden)


class Scaling(nn.Module):
    """Batch normalisation in use: a factor and a summand for each channel, shaped to the input."""

    def __init__(self, variables: Variables, number: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        mean, variance, gamma, beta = (
            _of(variables, "batch_normalization", number, part)
            for part in ("moving_mean", "moving_variance", "gamma", "beta")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        self.scale = nn.Parameter(torch.from_numpy(scale.reshape(shape)))
        self.shift = nn.Parameter(torch.from_numpy((beta - mean * scale).reshape(shape)))

    def forward(self, x: Tensor) -> Tensor:
        """The same shape as ``x``."""
        return x * self.scale + self.shift


class StrongestBand(nn.Module):
    """Filters over a picture [B, 1, 187, 96], scaled; of each the strongest place in frequency
    [B, C, 187].

    As trained, the maximum comes last. It is taken first here, for half the time: over the filters'
    output, and since the scaling may fall with its input, over the output of those filters turned
    around.
    """

    def __init__(self, variables: Variables, number: int) -> None:
        super().__init__()
        self.scaling = Scaling(variables, number + 1, (-1, 1))
        sign = torch.where(self.scaling.scale < 0, -1.0, 1.0)
        kernel = torch.from_numpy(_of(variables, "conv2d", number, "kernel").transpose(3, 2, 0, 1))
        bias = torch.from_numpy(_of(variables, "conv2d", number, "bias"))
        length, height = kernel.shape[2:]
        # As many frames come out as go in. Filters of an even length want one more after than
        # before, which only "same" gives; that would widen the bands of the others as well.
        margin = "same" if height == 1 else (length // 2, 0)
        self.filters = nn.Conv2d(1, len(kernel), (length, height), padding=margin)
        self.filters.weight.data = (kernel * sign[:, :, None, None]).contiguous()
        self.filters.bias.data = bias * sign[:, 0]
        self.sign = nn.Parameter(sign)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        strongest = self.filters(x).amax(dim=3)
        return self.scaling(functional.relu(strongest * self.sign))


class FramesAround(nn.Module):
    """Filters of 7 frames over all channels [B, C, 187], scaled."""

    def __init__(self, variables: Variables, number: int) -> None:
        super().__init__()
        kernel = _of(variables, "conv2d", number, "kernel")[:, :, 0].transpose(2, 1, 0)
        self.filters = nn.Conv1d(kernel.shape[1], kernel.shape[0], kernel.shape[2], padding=3)
        self.filters.weight.data = torch.from_numpy(np.ascontiguousarray(kernel))
        self.filters.bias.data = torch.from_numpy(_of(variables, "conv2d", number, "bias"))
        self.scaling = Scaling(variables, number + 1, (-1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, 187] to [B, 64, 187]."""
        return self.scaling(functional.relu(self.filters(x)))


def _dense(variables: Variables, number: int) -> nn.Linear:
    kernel, bias = (_of(variables, "dense", number, part) for part in ("kernel", "bias"))
    layer = nn.Linear(*kernel.shape)
    layer.weight.data = torch.from_numpy(np.ascontiguousarray(kernel.T))
    layer.bias.data = torch.from_numpy(bias)
    return layer


def _of(variables: Variables, kind: str, number: int, part: str) -> FloatArray:
    layer = f"{kind}_{number}" if number else kind
    return np.asarray(variables[f"{layer}/{part}"], np.float32)
