"""What a network is taught, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.errors import OptionError
from moodprint.evaluation.validate import IntArray


@dataclass(frozen=True)
class FineTuning:
    """How to learn. ``longest_s`` is how much of a clip is heard at once: a random part when
    learning, the middle when judged. The rate of learning rises to ``learning_rate`` (None: what
    suits the network) over ``warmup_share`` of all steps and then falls to 0; after ``patience``
    epochs without a better UAR it ends. Mixed precision (bfloat16) is used on a GPU.
    """

    checkpoint: str
    epochs: int = 20
    batch: int = 8
    learning_rate: float | None = None
    warmup_share: float = 0.1
    patience: int = 4
    longest_s: float = 10.0
    device: str = "cpu"
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch, self.patience) < 1 or self.longest_s <= 0:
            raise OptionError("fine-tuning takes 1 or more epochs, clips a batch and patience")
        if self.learning_rate is not None and self.learning_rate <= 0:
            raise OptionError("fine-tuning takes a learning rate above 0")
        if not 0 <= self.warmup_share < 1:
            raise OptionError("fine-tuning takes a warm-up below 1")

    def pace_at(self, step: int, steps: int) -> float:
        """The share (0 to 1) of the learning rate that a step of so many takes."""
        warm = max(1, round(self.warmup_share * steps))
        if step < warm:
            return (step + 1) / warm
        return (steps - step) / max(1, steps - warm)


@dataclass(frozen=True)
class Lessons:
    """Clips with class numbers [N] in 0..K-1, named by ``labels``."""

    excerpts: Sequence[Excerpt]
    truth: IntArray
    labels: Sequence[str]


def heard(excerpt: Excerpt, sample_rate_hz: int) -> FloatArray:
    """The samples [N] of an excerpt."""
    return excerpt.decode(sample_rate_hz=sample_rate_hz, mono=True).mono


def part_of(whole: FloatArray, place: float, size: int) -> FloatArray:
    """``size`` rows of [N, ...], or all where there are fewer; place 0 is the first part, 1 the
    last."""
    start = int(place * max(0, len(whole) - size))
    return whole[start : start + size]
