"""Whatever recognises emotions: what it can do, and how it is loaded from a bundle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from moodprint.bundle import Bundle, Calibration, Card
from moodprint.clip import FloatArray
from moodprint.errors import BundleError
from moodprint.models.classifiers.card import ClassifierCard
from moodprint.models.emotion_net.card import EmotionNetworkCard
from moodprint.models.emotion_net.network_onnx import FrameOutputs


class Recogniser(Protocol):
    """Turns sound into rows of presence, emotion, valence and arousal."""

    @property
    def name(self) -> str:
        """Name and version of the model, as answers carry it."""

    @property
    def sample_rate_hz(self) -> int:
        """The rate of the sound that it takes."""

    @property
    def row_s(self) -> float:
        """Seconds that each row is for."""

    def infer(self, blocks: Iterable[FloatArray]) -> FrameOutputs:
        """The rows of a mono sound in blocks [n]; one row or more, also for silence and for no
        samples. Memory must not grow with the sound but by its rows."""


def load_recogniser(bundle: Bundle, threads: int = 1) -> Recogniser:
    """The recogniser of a bundle, on so many threads.

    Raises:
        BundleError: the bundle is of a kind that recognises no emotions, or it does not load.
        MissingExtraError, MissingWeightsError: what it needs beside the bundle is not here.
    """
    calibration_of(bundle)
    recogniser: Recogniser = bundle.load(threads)
    return recogniser


def calibration_of(bundle: Bundle) -> Calibration:
    """How the logits of a bundle's recogniser become probabilities.

    Raises:
        BundleError: the bundle is of a kind that recognises no emotions.
    """
    if isinstance(bundle.card, EmotionNetworkCard | ClassifierCard):
        return bundle.card.calibration
    raise BundleError(
        f"{bundle.path}: is a bundle of kind {bundle.kind}, which recognises no emotions; "
        f"{EmotionNetworkCard.kind} and {ClassifierCard.kind} do"
    )


def hear_noise(card: Card, recogniser: Recogniser) -> None:
    """Let a recogniser answer a second of noise, as ``models.acceptance`` asks.

    Raises:
        BundleError: the answer has another form than the card promises, or is not of finite
            numbers.
    """
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.1, max(1, recogniser.sample_rate_hz)).astype(np.float32)
    outputs = recogniser.infer([noise])
    emotions = outputs.emotion.shape
    if emotions != (outputs.rows, len(card.labels)) or outputs.rows < 1:
        raise BundleError(f"the model gives scores of shape {emotions} for {card.labels}")
    if outputs.presence.shape[1:] != (3,) or outputs.valence_arousal.shape[1:] != (2,):
        raise BundleError("the model gives presence or valence and arousal of another shape")
    parts = (outputs.presence, outputs.emotion, outputs.valence_arousal, outputs.embedding)
    if not all(np.isfinite(part).all() for part in parts):
        raise BundleError("the model answers noise with what is no number")
