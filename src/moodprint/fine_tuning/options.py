"""How a network is fine-tuned."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.errors import OptionError


@dataclass(frozen=True)
class FineTuningOptions:
    """``checkpoint`` is the network to begin with: a bundle, a folder, or the name of either.

    ``longest_s`` is how much of a clip the network takes at once: a random part when it learns,
    the middle when it is tested. The learning rate rises to ``learning_rate`` (None: what suits
    the network) over ``warmup_share`` of all steps and then falls to 0; after ``patience`` epochs
    without a better UAR it ends. Mixed precision (bfloat16) is used on a GPU.

    Raises:
        OptionError: a number without sense.
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
        for name in ("epochs", "batch", "patience"):
            if getattr(self, name) < 1:
                raise OptionError(f"{name} is 1 or more, not {getattr(self, name)}")
        if not self.longest_s > 0:
            raise OptionError(f"longest_s is above 0, not {self.longest_s}")
        if self.learning_rate is not None and not self.learning_rate > 0:
            raise OptionError(f"a learning rate is above 0, not {self.learning_rate}")
        if not 0 <= self.warmup_share < 1:
            raise OptionError(f"warmup_share is at least 0 and below 1, not {self.warmup_share}")

    def rate_share(self, step: int, steps: int) -> float:
        """The share (0 to 1) of the learning rate that a step of so many takes."""
        warm = max(1, round(self.warmup_share * steps))
        if step < warm:
            return (step + 1) / warm
        return (steps - step) / max(1, steps - warm)
