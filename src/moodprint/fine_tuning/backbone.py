"""A network that can be taught the labels of a study: which there are, and what all can do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import CARD, shipped_bundles
from moodprint.evaluation.validate import Float64Array
from moodprint.fine_tuning.training_data import FineTuning, Lessons


class Pupil(Protocol):
    """``network`` is a torch module, whose parameters that ask for a gradient learn;
    ``fingerprint`` is of the weights that it began with; ``learning_rate`` is what suits it."""

    network: Any
    fingerprint: str
    learning_rate: float

    def logits(self, excerpts: Sequence[Excerpt], places: Sequence[float]) -> Any:
        """A tensor [B, K] for a part of each clip; place 0 is the first part, 1 the last."""

    def save(self, folder: Path) -> None:
        """Write the network as it is now."""


def is_ear(checkpoint: str) -> bool:
    """Whether a checkpoint is a bundle of moodprint: by the name of a shipped one, or its path."""
    return checkpoint in shipped_bundles() or (Path(checkpoint) / CARD).is_file()


def pupil_of(options: FineTuning, lessons: Lessons) -> Pupil:
    """The network of the checkpoint, before its first lesson.

    Raises:
        MissingExtraError, MissingWeightsError: torch, transformers or the checkpoint is missing.
        OptionError: the labels are none that the network can tell. BundleError: a broken bundle.
    """
    if is_ear(options.checkpoint):
        from moodprint.fine_tuning.emotion_net import EarPupil

        return EarPupil(options, lessons)
    from moodprint.fine_tuning.speech import SpeechPupil

    return SpeechPupil(options, lessons)


def scores_of(
    folder: Path, excerpts: Sequence[Excerpt], options: FineTuning, labels: Sequence[str]
) -> Float64Array:
    """The logits [N, K] of a network that was taught, kept in ``folder``, for clips."""
    if is_ear(options.checkpoint):
        from moodprint.fine_tuning.emotion_net import scores_of_ear

        return scores_of_ear(folder, excerpts, labels)
    from moodprint.fine_tuning.speech import scores_of_speech_network

    return scores_of_speech_network(folder, excerpts, options)
