"""What every feature set has from its base class: a fingerprint, and nothing to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from moodprint.clip import Clip, FloatArray
from moodprint.features.feature_set import FeatureSet


@dataclass(frozen=True)
class Peak(FeatureSet):
    """The highest sample, over so much of the clip."""

    name: ClassVar[str] = "peak"
    share: float = 1.0

    @property
    def sample_rate_hz(self) -> int:
        return 8_000

    @property
    def columns(self) -> tuple[str, ...]:
        return ("peak",)

    def extract(self, clip: Clip) -> FloatArray:
        return np.array([clip.mono.max(initial=0)], np.float32)


class Louder(Peak):
    """The same set after its values changed."""

    version: ClassVar[int] = 2


def test_the_fingerprint_is_the_name_the_version_and_the_options() -> None:
    assert Peak(0.5).fingerprint == {"set": "peak", "version": 1, "share": 0.5}


def test_another_option_or_version_has_another_fingerprint() -> None:
    prints = [Peak().fingerprint, Peak(0.5).fingerprint, Louder().fingerprint]
    assert all(prints.count(each) == 1 for each in prints)


def test_sets_with_the_same_options_are_the_same() -> None:
    assert Peak(0.5) == Peak(0.5)
    assert len({Peak(0.5), Peak(0.5), Peak()}) == 2


def test_a_set_that_needs_nothing_can_be_used_anywhere() -> None:
    assert Peak().check() is None


def test_its_licence_is_ours_unless_it_says_otherwise() -> None:
    assert Peak.licence == "Apache-2.0"


def test_a_set_without_columns_cannot_be_made() -> None:
    class Nameless(FeatureSet):
        name = "nameless"

        @property
        def sample_rate_hz(self) -> int:
            return 8_000

        def extract(self, clip: Clip) -> FloatArray:
            return np.zeros(0, np.float32)

    with pytest.raises(TypeError, match="columns"):
        Nameless()
