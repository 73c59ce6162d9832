"""The emotion network fine-tuned: its last layers and a new head for emotions learn.

What it says of presence, valence and arousal stays as it was: the layers that learn are a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import Bundle, open_bundle, write_bundle
from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import MissingExtraError, OptionError
from moodprint.evaluation.validate import Float64Array
from moodprint.fine_tuning.backbone import Backbone
from moodprint.fine_tuning.options import FineTuningOptions
from moodprint.fine_tuning.training_data import mono_samples, part_of
from moodprint.models.emotion_net.card import TORCH_WEIGHTS, WEIGHTS
from moodprint.models.emotion_net.handcrafted_head import SOUND, HandcraftedHead
from moodprint.models.emotion_net.network_onnx import EmotionNetwork

if TYPE_CHECKING:
    from moodprint.models.emotion_net.network_torch import EmotionNetworkModule


_SUFFIX = "-fine-tuned"


class EmotionNetBackbone(Backbone):
    """Saved as a bundle of kind ``emotion-network``, which ``moodprint analyze --model`` takes.

    The head begins at zero: the one that ships has seen labels of corpora that a study may hold
    out. Log-mels are kept in memory, about 30 MB an hour of sound.

    Raises:
        OptionError: a label that is none of the five emotions. MissingExtraError: torch,
            safetensors or onnx is not installed. BundleError: no bundle of an emotion network, or
            a broken one.
    """

    learning_rate = 5e-4

    def __init__(self, options: FineTuningOptions, labels: Sequence[str]) -> None:
        self._columns = _columns(labels)
        self._bundle = open_bundle(options.checkpoint)
        self._by_onnx = EmotionNetwork(self._bundle)
        frames_per_second = self._by_onnx.log_mel.frames_per_second
        self._frames_per_row = round(self._by_onnx.row_s * frames_per_second)
        self._size = round(options.longest_s * frames_per_second)
        self._device = options.device
        self._known: dict[Excerpt, FloatArray] = {}
        self.fingerprint = str(self._bundle.card.files[WEIGHTS])
        self.network = _learning(self._bundle).to(options.device)

    def logits(self, excerpts: Sequence[Excerpt], places: Sequence[float]) -> Any:
        """The mean over the rows of each part."""
        import torch

        parts = [
            part_of(self._frames(excerpt), place, self._size).astype(np.float32)
            for excerpt, place in zip(excerpts, places, strict=True)
        ]
        rows = [max(1, round(len(part) / self._frames_per_row)) for part in parts]
        longest = max(rows) * self._frames_per_row
        batch = np.stack([_filled(part, longest) for part in parts])
        by_row = self.network.emotions(torch.from_numpy(batch).to(self._device))
        means = [each[:count].mean(dim=0) for each, count in zip(by_row, rows, strict=True)]
        return torch.stack(means)[:, self._columns]

    def save(self, folder: Path) -> None:
        """Write the network as it is now, for analysis and for being fine-tuned further."""
        name = str(self._bundle.card.name).removesuffix(_SUFFIX) + _SUFFIX
        weights = {
            WEIGHTS: self.network.to_onnx(),
            TORCH_WEIGHTS: self.network.serialized(),
            **_handcrafted(self._bundle),
        }
        write_bundle(folder, {**self._bundle.fields, "name": name}, weights)

    @staticmethod
    def scores(
        folder: Path,
        excerpts: Sequence[Excerpt],
        options: FineTuningOptions,
        labels: Sequence[str],
    ) -> Float64Array:
        """The mean over whole clips, as an analysis takes them, whatever the options say."""
        del options
        network, columns = EmotionNetwork(open_bundle(folder)), _columns(labels)
        clips = (mono_samples(excerpt, network.sample_rate_hz) for excerpt in excerpts)
        means = [network.infer([clip]).emotion.mean(axis=0)[columns] for clip in clips]
        return np.stack(means).astype(np.float64)

    @staticmethod
    def sign(folder: Path, card: dict[str, Any]) -> None:
        """Write the card anew; name, kind, labels and spectrogram stay as they were."""
        bundle: Bundle = open_bundle(folder)
        kept = {name: bundle.fields[name] for name in ("name", "kind", "labels", "features")}
        files = {name: bundle.read(name) for name in bundle.card.files}
        write_bundle(folder, {**kept, **card}, files)

    def _frames(self, excerpt: Excerpt) -> FloatArray:
        """Log-mel [T, F] of a whole clip, in half precision: a sixteenth of a decibel or finer."""
        if excerpt not in self._known:
            samples = mono_samples(excerpt, self._by_onnx.sample_rate_hz)
            self._known[excerpt] = self._by_onnx.frames_of(samples).astype(np.float16)
        return self._known[excerpt]


def _learning(bundle: Bundle) -> EmotionNetworkModule:
    """The network of a bundle whose emotions have a tail of their own, which alone learns, and a
    head of zeros."""
    try:
        from moodprint.models.emotion_net.network_torch import EmotionNetworkModule
    except ImportError as error:
        raise MissingExtraError("torch", "deep") from error
    network = EmotionNetworkModule.of(bundle).with_emotion_tail()
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name.startswith(("emotion_tail.", "emotion.")))
    for parameter in network.emotion.parameters():
        parameter.data.zero_()
    return network


def _handcrafted(bundle: Bundle) -> dict[str, bytes]:
    """The head on hand-crafted measures, if there is one, for valence and arousal alone."""
    head = HandcraftedHead.of(bundle)
    if head is None:
        return {}
    return {SOUND: replace(head, emotion=np.zeros_like(head.emotion)).serialized()}


def _columns(labels: Sequence[str]) -> list[int]:
    """Which output of the network stands for each label."""
    own = [emotion.value for emotion in EMOTIONS]
    strange = sorted(set(labels) - set(own))
    if strange:
        raise OptionError(
            f"the emotion network tells {', '.join(own)}, and not {', '.join(strange)}"
        )
    return [own.index(label) for label in labels]


def _filled(frames: FloatArray, length: int) -> FloatArray:
    """Frames [T, F] cut or filled up with the last one to [length, F]."""
    return np.pad(frames[:length], ((0, max(0, length - len(frames))), (0, 0)), mode="edge")
