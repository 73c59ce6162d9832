"""A student that begins where a shipped network stands: with its convolutions, into which their
batch norms were folded.

A batch norm that changes nothing is put behind each of them, its mean and variance those of what
passes there, so that training goes on as if the student had never been shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from moodprint.models.emotion_net.network_torch import EmotionNetworkModule
from recipes.ear.student import Student


@torch.no_grad()
def inherit(student: Student, shipped: EmotionNetworkModule, mel_db: Tensor) -> None:
    """Give a student the backbone and the presence head of a network, and leave it in evaluation
    mode. ``mel_db`` [B, T, F] are sounds by which the batch norms are set."""
    pairs = list(_normed_convolutions(student))
    for (convolution, norm), other in zip(pairs, _convolutions(shipped), strict=True):
        convolution.weight.copy_(other.weight)
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1.0)
        norm.bias.copy_(other.bias)
    student.presence.load_state_dict(shipped.presence.state_dict())
    _set_statistics(student, [norm for _, norm in pairs], mel_db)


def _normed_convolutions(student: Student) -> Iterator[tuple[nn.Module, nn.Module]]:
    """Convolutions with the batch norms behind them, in the order in which they are passed."""
    for layer, following in pairwise(student.modules()):
        if isinstance(layer, nn.Conv1d | nn.Conv2d):
            yield layer, following


def _convolutions(shipped: EmotionNetworkModule) -> list[nn.Module]:
    """Of the backbone alone: a tail that was fine-tuned for emotions is no part of it."""
    return [
        layer
        for name, layer in shipped.named_modules()
        if isinstance(layer, nn.Conv1d | nn.Conv2d) and not name.startswith("emotion_tail")
    ]


def _set_statistics(student: Student, norms: list[nn.Module], mel_db: Tensor) -> None:
    """Take the mean and variance of what enters each norm for its own, and undo them after it."""
    seen: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def look(norm: nn.Module, entered: tuple[Tensor, ...]) -> None:
        over = [axis for axis in range(entered[0].ndim) if axis != 1]
        seen[norm] = entered[0].mean(over), entered[0].var(over)

    hooks = [norm.register_forward_pre_hook(look) for norm in norms]
    student.eval().embedding(mel_db)
    for hook in hooks:
        hook.remove()
    for norm, (mean, variance) in seen.items():
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)


@torch.no_grad()
def set_by_ridge(
    layer: nn.Linear, embedding: np.ndarray, target: np.ndarray, ridge: float = 1e-3
) -> None:
    """Make of a layer the one that best gives ``target`` [N, K] for ``embedding`` [N, D]."""
    middle, goal = embedding.mean(axis=0), target.mean(axis=0)
    x = (embedding - middle).astype(np.float64)
    held = ridge * len(x) * np.eye(x.shape[1])
    weight = np.linalg.solve(x.T @ x + held, x.T @ (target - goal))
    layer.weight.copy_(torch.from_numpy(weight.T.astype(np.float32)))
    layer.bias.copy_(torch.from_numpy((goal - middle @ weight).astype(np.float32)))
