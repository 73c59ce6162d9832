"""The `wav2vec2` and `hubert` sets: embeddings of networks that learned from speech.

wav2vec 2.0: Baevski et al. 2020. HuBERT: Hsu et al. 2021. Any checkpoint of either kind will do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from moodprint.clip import Clip, FloatArray
from moodprint.errors import OptionError
from moodprint.features.feature_set import FeatureSet
from moodprint.features.speech_checkpoint import (
    SAMPLE_RATE_HZ,
    find_checkpoint,
    load_network,
    normalises,
    weights_hash,
)

_LONGEST_S = 30
"""Longer clips are taken in pieces: memory grows with the square of a piece's length."""
_SHORTEST = 400
"""One frame of the convolutional front end; shorter clips are padded with silence."""


@dataclass(frozen=True)
class _SpeechModel(FeatureSet):
    """The mean over time of one hidden layer, and its standard deviation where ``spread`` is set.

    ``checkpoint``: a folder or the name of a hub model that is in the hub's cache. ``layer``: 0 is
    what enters the transformer, 12 the last of a base model; negative ones count from the end.
    """

    memory_bytes: ClassVar[int] = 8 * 1024**3  # torch, and networks of up to a billion weights

    checkpoint: str
    layer: int = -1
    spread: bool = False
    device: str = "cpu"

    @property
    def sample_rate_hz(self) -> int:
        """16,000: both kinds of networks learned from speech at that rate."""
        return SAMPLE_RATE_HZ

    @property
    def columns(self) -> tuple[str, ...]:
        """``layerL_NNNN.mean`` (``last_NNNN``, ``last-1_NNNN`` where counted from the end)."""
        width = _network(find_checkpoint(self.checkpoint), self.device).config.hidden_size
        layer = f"layer{self.layer}" if self.layer >= 0 else f"last{self.layer + 1 or ''}"
        statistics = ("mean", "sd") if self.spread else ("mean",)
        return tuple(f"{layer}_{n:04}.{name}" for name in statistics for n in range(width))

    def check(self) -> None:
        """Raises MissingExtraError or MissingWeightsError: see ``find_checkpoint``."""
        find_checkpoint(self.checkpoint)

    @property
    def fingerprint(self) -> dict[str, Any]:
        """A hash of the weights stands for the checkpoint's name; the device decides nothing."""
        weights = weights_hash(find_checkpoint(self.checkpoint))
        options = {"layer": self.layer, "spread": self.spread, "weights": weights}
        return {"set": self.name, "version": self.version, **options}

    def extract(self, clip: Clip) -> FloatArray:
        """The pooled layer [D], or [2 D] with ``spread``.

        Raises:
            OptionError: the network has no such layer.
        """
        hidden = self._hidden(clip.mono, find_checkpoint(self.checkpoint))
        mean = hidden.mean(axis=0)
        return np.concatenate([mean, hidden.std(axis=0)]) if self.spread else mean

    def _hidden(self, samples: FloatArray, folder: Path) -> FloatArray:
        """The chosen layer of all frames [T, D]."""
        import torch

        network = _network(folder, self.device)
        if not -network.config.num_hidden_layers <= self.layer <= network.config.num_hidden_layers:
            raise OptionError(
                f"{self.checkpoint} has layers 0 to {network.config.num_hidden_layers}, "
                f"not {self.layer}"
            )
        if _normalises(folder) and len(samples):
            samples = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
        hidden = []
        with torch.inference_mode():
            for piece in _pieces(samples):
                batch = torch.from_numpy(piece[None]).to(self.device)
                states = network(batch, output_hidden_states=True).hidden_states
                hidden.append(states[self.layer][0].float().cpu().numpy())
        return np.concatenate(hidden)


@dataclass(frozen=True)
class Wav2vec2(_SpeechModel):
    """wav2vec 2.0; by default the base model, trained on 960 h of read English."""

    name: ClassVar[str] = "wav2vec2"
    checkpoint: str = "facebook/wav2vec2-base"


@dataclass(frozen=True)
class Hubert(_SpeechModel):
    """HuBERT; by default the base model, trained on 960 h of read English."""

    name: ClassVar[str] = "hubert"
    checkpoint: str = "facebook/hubert-base-ls960"


def _pieces(samples: FloatArray) -> list[FloatArray]:
    """Equal pieces of at most 30 s, none shorter than a frame."""
    count = max(1, -(-len(samples) // (_LONGEST_S * SAMPLE_RATE_HZ)))
    return [
        np.pad(piece, (0, max(0, _SHORTEST - len(piece))))
        for piece in np.array_split(samples, count)
    ]


@lru_cache(maxsize=2)
def _network(folder: Path, device: str) -> Any:
    return load_network(folder).to(device)


@lru_cache(maxsize=2)
def _normalises(folder: Path) -> bool:
    return normalises(folder)
