"""A linear head on measures of the sound, added to what the ear's network tells."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.errors import BundleError
from moodprint.models.emotion_net.handcrafted import MEASURES

SOUND = "sound.json"


@dataclass(frozen=True)
class HandcraftedHead:
    """``emotion`` [MEASURES, K] and ``valence_arousal`` [MEASURES, 2]; biases are the network's."""

    emotion: FloatArray
    valence_arousal: FloatArray

    @classmethod
    def of(cls, bundle: Bundle) -> HandcraftedHead | None:
        """The head of a bundle; None where it has none.

        Raises:
            BundleError: its numbers are of another shape than the labels and measures.
        """
        if SOUND not in bundle.card.files:
            return None
        shapes = {
            "emotion": (MEASURES, len(bundle.card.labels)),
            "valence_arousal": (MEASURES, 2),
        }
        try:
            stored = json.loads(bundle.read(SOUND))
            parts = {name: np.array(stored[name], np.float32) for name in shapes}
        except (ValueError, KeyError, TypeError) as error:
            raise BundleError(f"{bundle.path}: {SOUND} holds no heads ({error!r})") from error
        for name, shape in shapes.items():
            if parts[name].shape != shape or not np.isfinite(parts[name]).all():
                raise BundleError(
                    f"{bundle.path}: {name} in {SOUND} has the shape {parts[name].shape}, "
                    f"not {shape} of finite numbers"
                )
        return cls(**parts)

    def serialized(self) -> bytes:
        """As JSON, six decimals kept."""
        parts = {"emotion": self.emotion, "valence_arousal": self.valence_arousal}
        rounded = {name: np.round(part.astype(float), 6).tolist() for name, part in parts.items()}
        return (json.dumps(rounded) + "\n").encode()
