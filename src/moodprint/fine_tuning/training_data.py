"""What a network learns from, and the parts of it that it takes at once."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.engine import Crew, file_limits
from moodprint.evaluation.validate import IntArray


@dataclass(frozen=True)
class TrainingData:
    """Clips with class numbers [N] in 0..K-1, named by ``labels``."""

    excerpts: Sequence[Excerpt]
    truth: IntArray
    labels: Sequence[str]


@dataclass(frozen=True)
class DecodeMono:
    """The samples [N] of a clip; sent to a worker process. Raises all that decoding raises."""

    sample_rate_hz: int

    def __call__(self, excerpt: Excerpt) -> FloatArray:
        return excerpt.decode(sample_rate_hz=self.sample_rate_hz, mono=True).mono


def mono_samples(excerpt: Excerpt, sample_rate_hz: int) -> FloatArray:
    """The samples [N] of a clip, decoded in a process that lives on for the next clip.

    Raises:
        all that decoding raises; WorkerCrashedError, TimeLimitError, MemoryLimitError.
    """
    return _decoder(sample_rate_hz)(excerpt)


@cache
def _decoder(sample_rate_hz: int) -> Crew[Excerpt, FloatArray]:
    limits = file_limits(attrgetter("path"))
    decoder = Crew(DecodeMono(sample_rate_hz), workers=1, limits=limits)
    atexit.register(decoder.close)
    return decoder


def part_of(whole: FloatArray, place: float, size: int) -> FloatArray:
    """``size`` rows of [N, ...], or all where there are fewer; place 0 is the first part, 1 the
    last."""
    start = int(place * max(0, len(whole) - size))
    return whole[start : start + size]
