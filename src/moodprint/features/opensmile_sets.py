"""The `egemaps` and `compare` sets: functionals by openSMILE (Eyben et al. 2010).

openSMILE is free for research and education only; a commercial use needs a licence by audEERING.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np

from moodprint.clip import Clip, FloatArray
from moodprint.errors import MissingExtraError
from moodprint.features.feature_set import FeatureSet

_RATE_HZ = 16_000
_SHORTEST = _RATE_HZ // 2
"""Shorter clips are padded with silence: openSMILE gives no values for less than a window."""


class _OpenSmile(FeatureSet):
    """One of openSMILE's configurations, named as its package names it."""

    licence: ClassVar[str] = "openSMILE 3.0: research and education only"
    memory_bytes: ClassVar[int] = 4 * 1024**3
    configuration: ClassVar[str]

    @property
    def sample_rate_hz(self) -> int:
        """16,000."""
        return _RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        """openSMILE's own names."""
        return tuple(_smile(self.configuration).feature_names)

    def check(self) -> None:
        """Raises MissingExtraError where the package is not installed."""
        if find_spec("opensmile") is None:
            raise MissingExtraError("opensmile", "opensmile")

    def extract(self, clip: Clip) -> FloatArray:
        """The values [D]; what openSMILE leaves undefined, as in silence, is 0."""
        samples = clip.mono
        samples = np.pad(samples, (0, max(0, _SHORTEST - len(samples))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its data frames
            table = _smile(self.configuration).process_signal(samples, _RATE_HZ)
        return np.nan_to_num(table.to_numpy(np.float32)[0], posinf=0, neginf=0)


@dataclass(frozen=True)
class Egemaps(_OpenSmile):
    """eGeMAPSv02: 88 functionals chosen for affect in voice (Eyben et al., IEEE TAFFC 2016)."""

    name: ClassVar[str] = "egemaps"
    configuration: ClassVar[str] = "eGeMAPSv02"


@dataclass(frozen=True)
class Compare(_OpenSmile):
    """ComParE_2016: 6,373 functionals, the baseline of the challenge (Schuller et al. 2016)."""

    name: ClassVar[str] = "compare"
    configuration: ClassVar[str] = "ComParE_2016"


@lru_cache(maxsize=2)
def _smile(configuration: str) -> Any:
    import opensmile

    return opensmile.Smile(
        feature_set=getattr(opensmile.FeatureSet, configuration),
        feature_level=opensmile.FeatureLevel.Functionals,
        num_workers=1,
    )
