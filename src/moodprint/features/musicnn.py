"""The `musicnn` set: what a network that learned to tag a million songs makes of a clip.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR
2019). The weights come from the PyPI package of that name; the network is computed here, by numpy.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from moodprint.clip import Clip, FloatArray
from moodprint.errors import MissingWeightsError, unknown_name
from moodprint.features.descriptors.cepstral import mel_filters
from moodprint.features.feature_set import FeatureSet

SAMPLE_RATE_HZ, WINDOW, HOP, BANDS, PATCH = 16_000, 512, 256, 96, 187
"""Patches of 187 frames last 3 s."""

WIDTH = 200
_TAGS = {"MSD": "MSD_LABELS", "MTT": "MTT_LABELS"}
_EPSILON = 1e-3

Weights = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Musicnn(FeatureSet):
    """Means over 3 s patches of the last layer but one (200) and of the logits of 50 tags.

    ``trained_on``: ``MSD`` (Million Song Dataset) or ``MTT`` (MagnaTagATune).
    """

    name: ClassVar[str] = "musicnn"
    licence: ClassVar[str] = "ISC"
    trained_on: str = "MSD"

    def __post_init__(self) -> None:
        if self.trained_on not in _TAGS:
            raise unknown_name("training set of musicnn", self.trained_on, _TAGS)

    @property
    def sample_rate_hz(self) -> int:
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        hidden = (f"hidden_{n:03}" for n in range(WIDTH))
        return (*hidden, *(f"tag_{tag.replace(' ', '_')}" for tag in _tags(self.trained_on)))

    def check(self) -> None:
        _package()

    def extract(self, clip: Clip) -> FloatArray:
        weights = _weights(self.trained_on)
        heard = [network(patch, weights) for patch in patches(log_mel(clip.mono))]
        return np.asarray(np.mean(heard, axis=0), np.float32)


def log_mel(samples: FloatArray) -> FloatArray:
    """Samples [N] at 16 kHz as log10(10000 mel + 1) [1 + N // 256, 96]."""
    from scipy.fft import rfft

    enough = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    framed = np.lib.stride_tricks.sliding_window_view(
        np.pad(enough, WINDOW // 2, mode="reflect"), WINDOW
    )[::HOP]
    hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
    spectrum = rfft(framed * hann, axis=1)
    mel = (spectrum.real**2 + spectrum.imag**2) @ mel_filters(BANDS, WINDOW, SAMPLE_RATE_HZ)
    return np.asarray(np.log10(10_000 * mel + 1), np.float32)


def patches(frames: FloatArray) -> list[FloatArray]:
    """Frames [T, 96] as patches [187, 96] side by side; the last one ends with the sound, and one
    that is too short is filled with silence."""
    short = PATCH - len(frames)
    if short > 0:
        return [np.pad(frames, ((0, short), (0, 0)))]
    starts = [*range(0, len(frames) - PATCH, PATCH), len(frames) - PATCH]
    return [frames[start : start + PATCH] for start in starts]


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
    scale = gamma / np.sqrt(variance + _EPSILON)
    return np.asarray((x - mean) * scale + beta, np.float32)


def _dense(x: FloatArray, weights: Weights, number: int) -> FloatArray:
    name = _layer("dense", number)
    return np.asarray(x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"])


def _layer(kind: str, number: int) -> str:
    return f"{kind}_{number}" if number else kind


def _package() -> Path:
    """The folder of the package with the weights; it is not imported, for it wants TensorFlow."""
    spec = importlib.util.find_spec("musicnn")
    if spec is None or not spec.submodule_search_locations:
        raise MissingWeightsError(
            "the weights of musicnn are not on this machine: "
            "run  pip install --no-deps musicnn==0.1.0"
        )
    return Path(spec.submodule_search_locations[0])


@lru_cache(maxsize=2)
def _weights(trained_on: str) -> Weights:
    from moodprint.models.tensor_bundle import read_checkpoint

    return dict(read_checkpoint(_package() / f"{trained_on}_musicnn" / ""))


@lru_cache(maxsize=2)
def _tags(trained_on: str) -> tuple[str, ...]:
    """The names of the tags, from the package's table."""
    import ast

    tree = ast.parse((_package() / "configuration.py").read_text(encoding="utf-8"))
    for line in tree.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == _TAGS[trained_on]:
            return tuple(ast.literal_eval(line.value))
    raise MissingWeightsError("the package musicnn is another version than 0.1.0: it names no tags")
