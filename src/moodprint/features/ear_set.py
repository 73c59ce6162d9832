"""The `ear` set: what our own network makes of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from moodprint.bundle import DEFAULT, open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.features.ear import Ear, Hearing
from moodprint.features.feature_set import FeatureSet


@dataclass(frozen=True)
class EarSet(FeatureSet):
    """Mean and deviation over time of the ear's embedding, and means of all that it tells.

    ``bundle`` is the name of a shipped ear or the path of another one. The shipped ear learned from
    labelled corpora, among them 4Q: its scores on those say nothing of other music.
    """

    name: ClassVar[str] = "ear"
    bundle: str = DEFAULT

    @property
    def sample_rate_hz(self) -> int:
        return _ear(self.bundle).sample_rate_hz

    @property
    def columns(self) -> tuple[str, ...]:
        width = _width(self.bundle)
        embedding = [f"hidden_{n:03}.{how}" for how in ("mean", "sd") for n in range(width)]
        presence = [f"presence_{what}" for what in ("music", "speech", "other")]
        emotion = [f"logit_{emotion}" for emotion in EMOTIONS]
        return (*embedding, *presence, *emotion, "valence", "arousal")

    def check(self) -> None:
        open_bundle(self.bundle)

    @property
    def fingerprint(self) -> dict[str, Any]:
        files = dict(open_bundle(self.bundle).card["files"])
        return {"set": self.name, "version": self.version, "files": files}

    def extract(self, clip: Clip) -> FloatArray:
        heard = _ear(self.bundle).hear([clip.mono])
        hidden = heard.embedding
        told = (hidden.mean(axis=0), hidden.std(axis=0), *_means(heard))
        return np.concatenate(told).astype(np.float32)


def _means(heard: Hearing) -> list[FloatArray]:
    return [part.mean(axis=0) for part in (heard.presence, heard.emotion, heard.valence_arousal)]


@lru_cache(maxsize=2)
def _ear(bundle: str) -> Ear:
    return Ear(open_bundle(bundle))


@lru_cache(maxsize=2)
def _width(bundle: str) -> int:
    return int(_ear(bundle).hear([]).embedding.shape[1])
