"""The `ear` set: what our own network makes of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from moodprint.bundle import DEFAULT, open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.features.feature_set import FeatureSet
from moodprint.models.acceptance import accept
from moodprint.models.emotion_net.card import TORCH_WEIGHTS
from moodprint.models.emotion_net.network_onnx import EmotionNetwork


@dataclass(frozen=True)
class EarEmbedding(FeatureSet):
    """Mean and deviation over time of the ear's embedding.

    The network below it learned from its teachers, without a label; what its heads say of emotion
    is left out, for they have seen labels of corpora that a study may be about. ``bundle`` is the
    name of a shipped ear or the path of another one.
    """

    name: ClassVar[str] = "ear"
    version: ClassVar[int] = 2
    bundle: str = DEFAULT

    @property
    def sample_rate_hz(self) -> int:
        """That of the network's spectrogram."""
        return _ear(self.bundle).sample_rate_hz

    @property
    def columns(self) -> tuple[str, ...]:
        """Mean and deviation of each number of the embedding."""
        width = _width(self.bundle)
        return tuple(f"hidden_{n:03}.{how}" for how in ("mean", "sd") for n in range(width))

    def check(self) -> None:
        """Raises if ``bundle`` is none that can be used."""
        accept(open_bundle(self.bundle))

    @property
    def fingerprint(self) -> dict[str, Any]:
        """With the hashes of what decides the values: all files but the weights for torch."""
        files = dict(open_bundle(self.bundle).card.files)
        files.pop(TORCH_WEIGHTS, None)
        return {"set": self.name, "version": self.version, "files": files}

    def extract(self, clip: Clip) -> FloatArray:
        """Means, then deviations, over all rows [2 D]; finite for silence too."""
        hidden = _ear(self.bundle).infer([clip.mono]).embedding
        return np.concatenate([hidden.mean(axis=0), hidden.std(axis=0)]).astype(np.float32)


@lru_cache(maxsize=2)
def _ear(bundle: str) -> EmotionNetwork:
    return EmotionNetwork(open_bundle(bundle))


@lru_cache(maxsize=2)
def _width(bundle: str) -> int:
    return int(_ear(bundle).infer([]).embedding.shape[1])
