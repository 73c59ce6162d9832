"""The `musicnn` set: what a network that learned to tag a million songs makes of a clip.

Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging" (ISMIR
2019). The weights come from the PyPI package of that name; onnxruntime runs the network.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from moodprint.audio.stft import centred, frames, hann, powers
from moodprint.clip import Clip, FloatArray
from moodprint.errors import MissingExtraError, MissingWeightsError, unknown_name
from moodprint.features.descriptors.cepstral import mel_filters
from moodprint.features.feature_set import FeatureSet
from moodprint.features.musicnn_graph import BANDS, PATCH, WIDTH, Weights, musicnn_onnx

SAMPLE_RATE_HZ, WINDOW, HOP = 16_000, 512, 256
"""Patches of 187 frames last 3 s."""

_TAGS = {"MSD": "MSD_LABELS", "MTT": "MTT_LABELS"}
_STATISTICS: dict[str, Callable[..., FloatArray]] = {
    "mean": np.mean,
    "sd": np.std,
    "max": np.max,
    "min": np.min,
}


@dataclass(frozen=True)
class Musicnn(FeatureSet):
    """Of the last layer but one (200) and of the logits of 50 tags: statistics over 3 s patches.

    ``trained_on``: ``MSD`` (Million Song Dataset) or ``MTT`` (MagnaTagATune). ``over_time``: any of
    mean, sd, max and min, joined by ``+``.
    """

    name: ClassVar[str] = "musicnn"
    version: ClassVar[int] = 2
    licence: ClassVar[str] = "ISC"
    trained_on: str = "MSD"
    over_time: str = "mean"

    def __post_init__(self) -> None:
        if self.trained_on not in _TAGS:
            raise unknown_name("training set of musicnn", self.trained_on, _TAGS)
        for statistic in self._statistics:
            if statistic not in _STATISTICS:
                raise unknown_name("statistic over time", statistic, _STATISTICS)

    @property
    def sample_rate_hz(self) -> int:
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        hidden = [f"hidden_{n:03}" for n in range(WIDTH)]
        tags = [f"tag_{tag.replace(' ', '_')}" for tag in _tags(self.trained_on)]
        return tuple(f"{name}.{how}" for how in self._statistics for name in (*hidden, *tags))

    def check(self) -> None:
        _package()
        if importlib.util.find_spec("onnx") is None:
            raise MissingExtraError("onnx", "study")

    def extract(self, clip: Clip) -> FloatArray:
        network = _network(self.trained_on)
        # One by one: faster than in a batch, whose pictures do not stay in the processor's cache.
        heard = [
            network.run(None, {"patches": patch[None]})[0][0]
            for patch in patches(log_mel(clip.mono))
        ]
        told = [_STATISTICS[how](heard, axis=0) for how in self._statistics]
        return np.concatenate(told).astype(np.float32)

    @property
    def _statistics(self) -> list[str]:
        return self.over_time.split("+")


def log_mel(samples: FloatArray) -> FloatArray:
    """Samples [N] at 16 kHz as log10(10000 mel + 1) [1 + N // 256, 96]."""
    enough = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    framed = frames(centred(enough, WINDOW, "reflect"), WINDOW, HOP)
    power = powers(framed, hann(WINDOW).astype(np.float32), by_scipy=True)
    mel = power @ mel_filters(BANDS, WINDOW, SAMPLE_RATE_HZ)
    return np.asarray(np.log10(10_000 * mel + 1), np.float32)


def patches(frames: FloatArray) -> list[FloatArray]:
    """Frames [T, 96] as patches [187, 96] side by side; the last one ends with the sound, and one
    that is too short is filled with silence."""
    short = PATCH - len(frames)
    if short > 0:
        return [np.pad(frames, ((0, short), (0, 0)))]
    starts = [*range(0, len(frames) - PATCH, PATCH), len(frames) - PATCH]
    return [frames[start : start + PATCH] for start in starts]


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
def _network(trained_on: str) -> Any:
    from moodprint.models.tensor_bundle import read_checkpoint

    return session(dict(read_checkpoint(_package() / f"{trained_on}_musicnn" / "")))


def session(weights: Weights) -> Any:
    """The network of these weights in onnxruntime, on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        musicnn_onnx(weights), options, providers=["CPUExecutionProvider"]
    )


@lru_cache(maxsize=2)
def _tags(trained_on: str) -> tuple[str, ...]:
    """The names of the tags, from the package's table."""
    import ast

    tree = ast.parse((_package() / "configuration.py").read_text(encoding="utf-8"))
    for line in tree.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == _TAGS[trained_on]:
            return tuple(ast.literal_eval(line.value))
    raise MissingWeightsError("the package musicnn is another version than 0.1.0: it names no tags")
