"""Which networks can be fine-tuned: by the kind of a bundle, or the type of another checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

from moodprint.bundle import CARD, BundleKind, open_bundle, shipped_bundles
from moodprint.errors import MissingWeightsError, unknown_name
from moodprint.features.speech_checkpoint import find_checkpoint
from moodprint.fine_tuning.backbone import Backbone
from moodprint.import_name import import_name

BACKBONES = {
    BundleKind.EMOTION_NETWORK.value: "moodprint.fine_tuning.emotion_net:EmotionNetBackbone",
    "hubert": "moodprint.fine_tuning.speech:SpeechBackbone",
    "wav2vec2": "moodprint.fine_tuning.speech:SpeechBackbone",
}
"""By kind of bundle or, for checkpoints of transformers, by the ``model_type`` of their config: the
place of the class, which is loaded when it is asked for."""


def checkpoint_kind(checkpoint: str) -> str:
    """The kind of a bundle (by the name of a shipped one, or its path) or of another checkpoint.

    Raises:
        MissingExtraError, MissingWeightsError: it is no bundle, and torch, transformers or the
            checkpoint is missing. BundleError: a broken bundle.
    """
    if checkpoint in shipped_bundles() or (Path(checkpoint) / CARD).is_file():
        return open_bundle(checkpoint).card.kind.value
    folder = find_checkpoint(checkpoint)
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return str(config["model_type"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MissingWeightsError(f"{folder}: its config.json names no model_type") from error


def backbone_class(checkpoint: str) -> type[Backbone]:
    """The class for a checkpoint.

    Raises:
        OptionError: a network of a kind that cannot be fine-tuned; and as ``checkpoint_kind``.
    """
    kind = checkpoint_kind(checkpoint)
    if kind not in BACKBONES:
        raise unknown_name("network that can be fine-tuned", kind, BACKBONES)
    found: type[Backbone] = import_name(BACKBONES[kind])
    return found
