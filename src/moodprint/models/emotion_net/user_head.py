"""A linear head on the network's embedding, fitted to a user's labels and added to its emotions."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from moodprint.bundle import Bundle
from moodprint.clip import FloatArray
from moodprint.errors import BundleError

USER_HEAD = "user_head.json"


@dataclass(frozen=True)
class UserHead:
    """``weight`` [D, K] and ``bias`` [K], added to the logits of K emotions."""

    weight: FloatArray
    bias: FloatArray

    @classmethod
    def of(cls, bundle: Bundle) -> UserHead | None:
        """The head of a bundle; None where it has none.

        Raises:
            BundleError: it holds something else, or numbers for other than the bundle's labels.
        """
        if USER_HEAD not in bundle.card.files:
            return None
        try:
            stored = json.loads(bundle.read(USER_HEAD))
            weight, bias = (np.array(stored[name], np.float32) for name in ("weight", "bias"))
        except (ValueError, KeyError, TypeError) as error:
            raise BundleError(f"{bundle.path}: {USER_HEAD} holds no head ({error!r})") from error
        classes = len(bundle.card.labels)
        fits = weight.ndim == 2 and weight.shape[1] == classes and bias.shape == (classes,)
        if not fits or not np.isfinite(weight).all() or not np.isfinite(bias).all():
            raise BundleError(
                f"{bundle.path}: {USER_HEAD} holds no finite numbers for {classes} labels"
            )
        return cls(weight, bias)

    def __call__(self, embedding: FloatArray) -> FloatArray:
        """What is added to the logits [R, K] of rows with this embedding [R, D]."""
        return embedding @ self.weight + self.bias

    def plus(self, other: UserHead | None) -> UserHead:
        """Both heads in one: a network that was taught may be taught again."""
        if other is None:
            return self
        return UserHead(self.weight + other.weight, self.bias + other.bias)

    def serialized(self) -> bytes:
        """As JSON, seven digits kept."""
        stored = {
            "weight": [[float(f"{value:.7g}") for value in row] for row in self.weight],
            "bias": [float(f"{value:.7g}") for value in self.bias],
        }
        return (json.dumps(stored) + "\n").encode()
