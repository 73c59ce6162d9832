"""The network of musicnn by numpy alone, to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Weights = Mapping[str, npt.NDArray[Any]]
FloatArray = npt.NDArray[np.float32]


def random_weights(seed: int = 0) -> dict[str, FloatArray]:
    """Weights of the real shapes, at random; scalings of both signs."""
    rng = np.random.default_rng(seed)
    kernels = [(7, 38, 1, 204), (7, 67, 1, 204), *((n, 1, 1, 51) for n in (128, 64, 32))]
    kernels += [(7, 561, 1, 64), (7, 64, 1, 64), (7, 64, 1, 64)]
    norms = [1, 204, 204, 51, 51, 51, 64, 64, 64, 1506, 200]
    weights: dict[str, npt.NDArray[Any]] = {}
    for number, shape in enumerate(kernels):
        name = _layer("conv2d", number)
        weights[f"{name}/kernel"] = rng.normal(size=shape) / np.sqrt(np.prod(shape[:3]))
        weights[f"{name}/bias"] = rng.normal(size=shape[3]) * 0.1
    for number, width in enumerate(norms):
        name = _layer("batch_normalization", number)
        for part in ("moving_mean", "gamma", "beta"):
            weights[f"{name}/{part}"] = rng.normal(size=width)
        weights[f"{name}/moving_variance"] = rng.uniform(0.5, 2, size=width)
    for number, (given, width) in enumerate([(1506, 200), (200, 50)]):
        name = _layer("dense", number)
        weights[f"{name}/kernel"] = rng.normal(size=(given, width)) / np.sqrt(given)
        weights[f"{name}/bias"] = rng.normal(size=width)
    return {name: value.astype(np.float32) for name, value in weights.items()}


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
    said = rows @ kernel.reshape(-1, width) + weights[_layer("conv2d", number) + "/bias"]
    said = np.maximum(said, 0).reshape(*seen.shape[:2], width)
    ends = (_normed(end, weights, number + 1) for end in (said.max(axis=1), said.min(axis=1)))
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
