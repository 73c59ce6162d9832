"""Our ear as a pupil: its last layers and a new sense of emotion learn.

What it tells of presence, valence and arousal stays as it was: the layers that learn are a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from moodprint.audio.excerpt import Excerpt
from moodprint.bundle import Bundle, open_bundle, write_bundle
from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS
from moodprint.errors import MissingExtraError, OptionError
from moodprint.evaluation.validate import Float64Array
from moodprint.fine_tuning.training_data import FineTuning, Lessons, heard, part_of
from moodprint.models.emotion_net.card import WEIGHTS
from moodprint.models.emotion_net.handcrafted_head import SOUND, HandcraftedHead
from moodprint.models.emotion_net.network import EmotionNetwork

LEARNING_LAYERS = 7
"""Convolutions from the end: the last two blocks, and the layer that the heads are fitted on."""


class EarPupil:
    """Saved as a bundle of kind ``ear``, which ``moodprint analyze --model`` takes.

    The head begins at zero: that of a shipped ear has seen labels of corpora that a study may hold
    out. Log-mels are kept in memory, about 30 MB an hour of sound.

    Raises:
        OptionError: a label that is none of the five emotions. MissingExtraError: torch or onnx is
            not installed. BundleError: no bundle of an ear, or a broken one.
    """

    learning_rate = 5e-4

    def __init__(self, options: FineTuning, lessons: Lessons) -> None:
        self._columns = _columns(lessons.labels)
        self._bundle = open_bundle(options.checkpoint)
        ear = EmotionNetwork(self._bundle)
        try:
            from moodprint.models.torch_graph import TaughtTail
        except ImportError as error:
            raise MissingExtraError("torch", "deep") from error

        self._log_mel = ear.log_mel
        self._frames_per_row = round(ear.row_s * ear.log_mel.frames_per_second)
        self._size = round(options.longest_s * ear.log_mel.frames_per_second)
        self._device = options.device
        self._known: dict[Excerpt, Any] = {}
        self.fingerprint = str(self._bundle.card.files[WEIGHTS])
        content = self._bundle.read(WEIGHTS)
        self.network = TaughtTail(content, "emotion", LEARNING_LAYERS).to(options.device)
        self.network.forget()

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
        told = self.network(torch.from_numpy(batch).to(self._device))
        means = [each[:count].mean(dim=0) for each, count in zip(told, rows, strict=True)]
        return torch.stack(means)[:, self._columns]

    def save(self, folder: Path) -> None:
        card = {**self._bundle.fields, "name": f"{self._bundle.card.name}-taught"}
        write_bundle(folder, card, {WEIGHTS: self.network.serialized(), **_sound(self._bundle)})

    def _frames(self, excerpt: Excerpt) -> FloatArray:
        """Log-mel [T, F] of a whole clip, in half precision: a sixteenth of a decibel or finer."""
        if excerpt not in self._known:
            samples = heard(excerpt, self._log_mel.sample_rate_hz)
            self._known[excerpt] = self._log_mel.of(samples).astype(np.float16)
        frames: FloatArray = self._known[excerpt]
        return frames


def scores_of_ear(folder: Path, excerpts: Sequence[Excerpt], labels: Sequence[str]) -> Float64Array:
    """The mean logits [N, K] of a taught ear over whole clips, as an analysis hears them."""
    ear, columns = EmotionNetwork(open_bundle(folder)), _columns(labels)
    told = [ear.infer([heard(excerpt, ear.sample_rate_hz)]).emotion for excerpt in excerpts]
    return np.stack([each.mean(axis=0)[columns] for each in told]).astype(np.float64)


def sign(folder: Path, card: dict[str, Any]) -> None:
    """Write what is known at last, calibration and scores, on the card of a taught ear."""
    bundle: Bundle = open_bundle(folder)
    kept = {name: bundle.fields[name] for name in ("name", "kind", "labels", "features")}
    write_bundle(folder, {**kept, **card}, {name: bundle.read(name) for name in bundle.card.files})


def _sound(bundle: Bundle) -> dict[str, bytes]:
    """The head on measures of the sound, if there is one, for valence and arousal alone."""
    head = HandcraftedHead.of(bundle)
    if head is None:
        return {}
    return {SOUND: replace(head, emotion=np.zeros_like(head.emotion)).serialized()}


def _columns(labels: Sequence[str]) -> list[int]:
    """Where the ear tells each label."""
    own = [emotion.value for emotion in EMOTIONS]
    strange = sorted(set(labels) - set(own))
    if strange:
        raise OptionError(f"the ear tells {', '.join(own)}, and not {', '.join(strange)}")
    return [own.index(label) for label in labels]


def _filled(frames: FloatArray, length: int) -> FloatArray:
    """Frames [T, F] cut or filled up with the last one to [length, F]."""
    return np.pad(frames[:length], ((0, max(0, length - len(frames))), (0, 0)), mode="edge")
