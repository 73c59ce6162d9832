"""What a network learns from, and the parts of it that it takes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.evaluation.validate import IntArray


@dataclass(frozen=True)
class TrainingData:
    """Clips with class numbers [N] in 0..K-1, named by ``labels``."""

    excerpts: Sequence[Excerpt]
    truth: IntArray
    labels: Sequence[str]


def mono_samples(excerpt: Excerpt, sample_rate_hz: int) -> FloatArray:
    """The samples [N] of a clip. Raises all that decoding raises."""
    return excerpt.decode(sample_rate_hz=sample_rate_hz, mono=True).mono


def part_of(whole: FloatArray, place: float, size: int) -> FloatArray:
    """``size`` rows of [N, ...], or all where there are fewer; place 0 is the first part, 1 the
    last."""
    start = int(place * max(0, len(whole) - size))
    return whole[start : start + size]
