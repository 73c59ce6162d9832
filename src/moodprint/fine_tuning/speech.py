"""HuBERT or wav2vec 2.0 fine-tuned, from any checkpoint of either.

The convolutional front end stays as it is, all transformer layers and a classification head learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.clip import FloatArray
from moodprint.evaluation.validate import Float64Array
from moodprint.features.speech_checkpoint import (
    SAMPLE_RATE_HZ,
    find_checkpoint,
    normalises,
    weights_hash,
)
from moodprint.fine_tuning.backbone import Backbone
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.training_data import mono_samples, part_of

_SHORTEST = 1600
"""Samples: a tenth of a second, of which the convolutional front end makes a few frames."""


class SpeechBackbone(Backbone):
    """Saved in the format of transformers.

    Raises:
        MissingExtraError, MissingWeightsError: torch, transformers or the checkpoint is missing.
    """

    learning_rate = 3e-5

    def __init__(self, options: FineTuningOptions, labels: Sequence[str]) -> None:
        checkpoint = find_checkpoint(options.checkpoint)
        import torch
        from transformers import AutoModelForAudioClassification

        self.fingerprint = weights_hash(checkpoint)
        self._options, self._normalise = options, normalises(checkpoint)
        torch.manual_seed(options.seed)
        self.network = AutoModelForAudioClassification.from_pretrained(
            checkpoint,
            local_files_only=True,
            num_labels=len(labels),
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
        ).to(options.device)
        self.network.freeze_feature_encoder()

    def logits(self, excerpts: Sequence[Excerpt], places: Sequence[float]) -> Any:
        """What the classification head says of each part."""
        return _logits(self.network, excerpts, places, self._options, self._normalise)

    def save(self, folder: Path) -> None:
        """As transformers does, in safetensors."""
        self.network.save_pretrained(folder)

    @staticmethod
    def scores(
        folder: Path,
        excerpts: Sequence[Excerpt],
        options: FineTuningOptions,
        labels: Sequence[str],
    ) -> Float64Array:
        """For the middles of clips; the order of the labels is that of the checkpoint."""
        del labels
        import torch
        from transformers import AutoModelForAudioClassification

        network = AutoModelForAudioClassification.from_pretrained(folder, local_files_only=True)
        network.to(options.device).eval()
        normalise = normalises(find_checkpoint(options.checkpoint))
        with torch.inference_mode():
            rows = [
                _logits(network, [excerpt], [0.5], options, normalise).float().cpu().numpy()
                for excerpt in excerpts
            ]
        return np.concatenate(rows).astype(np.float64)

    @staticmethod
    def sign(folder: Path, card: dict[str, Any]) -> None:
        """The format of transformers has no such card: nothing is written."""
        del folder, card


def _logits(
    network: Any,
    excerpts: Sequence[Excerpt],
    places: Sequence[float],
    options: FineTuningOptions,
    normalise: bool,
) -> Any:
    import torch

    size = round(options.longest_s * SAMPLE_RATE_HZ)
    wholes = (mono_samples(excerpt, SAMPLE_RATE_HZ) for excerpt in excerpts)
    parts = [part_of(clip, place, size) for clip, place in zip(wholes, places, strict=True)]
    batch = _batch([_normalised(part) for part in parts] if normalise else parts)
    return network(torch.from_numpy(batch).to(options.device)).logits


def _normalised(part: FloatArray) -> FloatArray:
    # 1e-7 keeps silence at 0: it is what the checkpoints were trained with (Wav2Vec2 in
    # transformers).
    return np.asarray((part - part.mean()) / np.sqrt(part.var() + 1e-7), np.float32)


def _batch(parts: Sequence[FloatArray]) -> FloatArray:
    """[B, N], filled up with silence."""
    longest = max(_SHORTEST, *(len(part) for part in parts))
    return np.stack([np.pad(part, (0, longest - len(part))) for part in parts])
