"""The network of musicnn by numpy alone, to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Weights = Mapping[str, npt.NDArray[Any]]
FloatArray = npt.NDArray[np.float32]


def network(patch: FloatArray, weights: Weights) -> FloatArray:
    """A patch [187, 96] to the last layer but one and the logits of the tags [250]."""
    x = _normed(patch[..., None], weights, 0)[..., 0]
    wide = np.pad(x, ((3, 3), (0, 0)))
    front = np.concatenate(
        [
            *(_timbre(wide, weights, number) for number in (0, 1)),
            *(_tempo(x, weights, number) for number in (2, 3, 4)),
        ],
        axis=1,
    )
    first = _middle(front, weights, 5)
    second = _middle(first, weights, 6) + first
    third = _middle(second, weights, 7) + second
    dense = np.concatenate([front, first, second, third], axis=1)
    pooled = np.stack([dense.max(axis=0), dense.mean(axis=0)], axis=1).ravel()
    hidden = np.maximum(_dense(_normed(pooled, weights, 9), weights, 0), 0)
    hidden = _normed(hidden, weights, 10)
    return np.concatenate([hidden, _dense(hidden, weights, 1)])


def _timbre(wide: FloatArray, weights: Weights, number: int) -> FloatArray:
    """Filters [7, H] anywhere in frequency, the strongest place [187, C]."""
    kernel = weights[_layer("conv2d", number) + "/kernel"][:, :, 0]
    seen = np.lib.stride_tricks.sliding_window_view(wide, kernel.shape[:2])
    return _convolved(seen, kernel, weights, number)


def _tempo(x: FloatArray, weights: Weights, number: int) -> FloatArray:
    """Filters [L, 1] along time in each band, the strongest band [187, C]."""
    kernel = weights[_layer("conv2d", number) + "/kernel"][:, 0, 0]
    length = len(kernel)
    same = np.pad(x, (((length - 1) // 2, length // 2), (0, 0)))
    seen = np.lib.stride_tricks.sliding_window_view(same, length, axis=0)
    return _convolved(seen, kernel, weights, number)


def _middle(x: FloatArray, weights: Weights, number: int) -> FloatArray:
    """Filters [7, D] over all channels [187, C]."""
    kernel = weights[_layer("conv2d", number) + "/kernel"][:, :, 0]
    padded = np.pad(x, ((3, 3), (0, 0)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape[:2])
    return _convolved(seen, kernel, weights, number)


def _convolved(seen: FloatArray, kernel: FloatArray, weights: Weights, number: int) -> FloatArray:
    """What windows [T, P, ...] say to a kernel [..., C], the strongest of P places [T, C].

    The scaling after the rectifier rises or falls with its input, so its maximum is that of the
    largest or of the smallest input.
    """
    width = kernel.shape[-1]
    rows = seen.reshape(seen.shape[0] * seen.shape[1], -1)
    told = rows @ kernel.reshape(-1, width) + weights[_layer("conv2d", number) + "/bias"]
    told = np.maximum(told, 0).reshape(*seen.shape[:2], width)
    ends = (_normed(end, weights, number + 1) for end in (told.max(axis=1), told.min(axis=1)))
    return np.maximum(*ends)


def _normed(x: FloatArray, weights: Weights, number: int) -> FloatArray:
    name = _layer("batch_normalization", number)
    mean, variance, gamma, beta = (
        weights[f"{name}/{part}"] for part in ("moving_mean", "moving_variance", "gamma", "beta")
    )
    scale = gamma / np.sqrt(variance + 1e-3)
    return np.asarray((x - mean) * scale + beta, np.float32)


def _dense(x: FloatArray, weights: Weights, number: int) -> FloatArray:
    name = _layer("dense", number)
    return np.asarray(x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"])


def _layer(kind: str, number: int) -> str:
    return f"{kind}_{number}" if number else kind
