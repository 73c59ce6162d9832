"""The `musicnn` set: what a network that learned to tag a million songs makes of a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from moodprint.bundle import open_bundle
from moodprint.clip import Clip, FloatArray
from moodprint.errors import unknown_name
from moodprint.features.feature_set import FeatureSet
from moodprint.models.music_tagger.card import MusicTaggerCard
from moodprint.models.music_tagger.network import SAMPLE_RATE_HZ, WIDTH, MusicTagger

_BUNDLE = "musicnn"

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
        if self.trained_on not in (known := _tags()):
            raise unknown_name("training set of musicnn", self.trained_on, known)
        for statistic in self._statistics:
            if statistic not in _STATISTICS:
                raise unknown_name("statistic over time", statistic, _STATISTICS)

    @property
    def sample_rate_hz(self) -> int:
        """16,000."""
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        """Hidden numbers, then tags, for one statistic after another."""
        hidden = [f"hidden_{n:03}" for n in range(WIDTH)]
        tags = [f"tag_{tag.replace(' ', '_')}" for tag in _tags()[self.trained_on]]
        return tuple(f"{name}.{how}" for how in self._statistics for name in (*hidden, *tags))

    def extract(self, clip: Clip) -> FloatArray:
        """250 values for each statistic, finite for silence too."""
        outputs = np.concatenate(_network(self.trained_on).infer(clip.mono), axis=1)
        summaries = [_STATISTICS[how](outputs, axis=0) for how in self._statistics]
        return np.concatenate(summaries).astype(np.float32)

    @property
    def _statistics(self) -> list[str]:
        return self.over_time.split("+")


@lru_cache(maxsize=1)
def _tags() -> dict[str, tuple[str, ...]]:
    """The tags' names by what the network was trained on."""
    return dict(open_bundle(_BUNDLE).card_as(MusicTaggerCard).tags)


@lru_cache(maxsize=2)
def _network(trained_on: str) -> MusicTagger:
    return MusicTagger(open_bundle(_BUNDLE), trained_on=trained_on)
