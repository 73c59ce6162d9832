"""What every network that can be fine-tuned offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from moodprint.audio.excerpt import Excerpt
from moodprint.evaluation.validate import Float64Array
from moodprint.fine_tuning.options import FineTuningOptions


class Backbone(ABC):
    """A pretrained network with a new head for K labels.

    ``network`` is a torch module, whose parameters that ask for a gradient learn; ``fingerprint``
    is of the weights that it began with; ``learning_rate`` is what suits it. The constructor loads
    the checkpoint of the options.

    Raises:
        MissingExtraError, MissingWeightsError: torch, transformers or the checkpoint is missing.
        OptionError: labels that the network cannot tell. BundleError: a broken bundle.
    """

    learning_rate: ClassVar[float]
    network: Any
    fingerprint: str

    @abstractmethod
    def __init__(self, options: FineTuningOptions, labels: Sequence[str]) -> None: ...

    @abstractmethod
    def logits(self, excerpts: Sequence[Excerpt], places: Sequence[float]) -> Any:
        """A tensor [B, K] for a part of each clip; place 0 is the first part, 1 the last."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the network as it is now."""

    @staticmethod
    @abstractmethod
    def scores(
        folder: Path,
        excerpts: Sequence[Excerpt],
        options: FineTuningOptions,
        labels: Sequence[str],
    ) -> Float64Array:
        """The logits [N, K] of clips by a network that was saved in ``folder``."""

    @staticmethod
    @abstractmethod
    def sign(folder: Path, card: dict[str, Any]) -> None:
        """Write what is known at last, calibration and scores, on the card of a saved network; a
        format without a card keeps none."""
