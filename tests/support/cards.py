"""The smallest cards that each kind of bundle takes, for tests that write bundles of their own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from moodprint.audio.spectrogram import LogMel
from moodprint.bundle import BundleKind
from moodprint.emotion import EMOTIONS
from moodprint.models.music_tagger.card import FRAMES, SPECTROGRAM

CALIBRATION = {"temperature": 1.5, "abstain_below": 0.3}


def emotion_network_card(**changes: Any) -> dict[str, Any]:
    """A card of an emotion network; its bundle holds ``ear.onnx``."""
    return {
        "name": "toy",
        "version": "3",
        "kind": BundleKind.EMOTION_NETWORK,
        "labels": list(EMOTIONS),
        "features": {"log_mel": asdict(LogMel()), "frames_per_row": 32},
        "calibration": CALIBRATION,
        **changes,
    }


def classifier_card(**changes: Any) -> dict[str, Any]:
    """A card of a study's winner; its bundle holds ``model.skops``."""
    return {
        "name": "acoustic-ridge",
        "version": "1",
        "kind": BundleKind.STUDY_CLASSIFIER,
        "labels": list(EMOTIONS),
        "features": {"combination": "acoustic", "options": {}, "segment_s": 4.0},
        "classifier": {"learned": [0, 1, 2, 3, 4]},
        "calibration": CALIBRATION,
        **changes,
    }


def generator_card(**changes: Any) -> dict[str, Any]:
    """A card of a note generator; its bundle holds ``generator.onnx``."""
    return {
        "name": "tones",
        "version": "1",
        "kind": BundleKind.NOTE_GENERATOR,
        "labels": [],
        "source": "a test",
        "licence": "none",
        "parameters": 0,
        "blocks": 7,
        "latent_size": 256,
        "lowest_pitch": 24,
        "highest_pitch": 84,
        "sample_rate_hz": 16_000,
        **changes,
    }


def transcription_card(**changes: Any) -> dict[str, Any]:
    """A card of a network for the transcription of notes; its bundle holds ``nmp.onnx``."""
    return {
        "name": "notes",
        "version": "1",
        "kind": BundleKind.NOTE_TRANSCRIPTION,
        "labels": [],
        "features": {"sample_rate_hz": 22_050, "lowest_pitch": 21, "keys": 88},
        **changes,
    }


def music_tagger_card(**changes: Any) -> dict[str, Any]:
    """A card of a network that tags music; its bundle holds ``msd.onnx``."""
    return {
        "name": "tagger",
        "version": "1",
        "kind": BundleKind.MUSIC_TAGGER,
        "labels": [],
        "features": {**SPECTROGRAM, "frames_per_patch": FRAMES},
        "tags": {"MSD": ["rock", "jazz"]},
        **changes,
    }


def music_generator_card(**changes: Any) -> dict[str, Any]:
    """A card of a generator of music; its bundle holds ``denoiser.onnx`` and more."""
    return {
        "name": "composer",
        "version": "1",
        "kind": BundleKind.MUSIC_GENERATOR,
        "labels": [],
        "spectrogram": asdict(LogMel(bands=64)),
        "range_db": 102.0,
        "latents": {"channels": 8, "frames": 64, "bands": 8, "shrink": 8, "scale": 1.0},
        "shares": [0.1, 0.9],
        "conditions": [{"name": "happy", "mean": 0.2, "deviation": 0.1, "quantiles": [0.1, 0.6]}],
        **changes,
    }


CARDS = {
    BundleKind.EMOTION_NETWORK: (emotion_network_card, "ear.onnx"),
    BundleKind.STUDY_CLASSIFIER: (classifier_card, "model.skops"),
    BundleKind.NOTE_GENERATOR: (generator_card, "generator.onnx"),
    BundleKind.MUSIC_GENERATOR: (music_generator_card, "denoiser.onnx"),
    BundleKind.MUSIC_TAGGER: (music_tagger_card, "msd.onnx"),
    BundleKind.NOTE_TRANSCRIPTION: (transcription_card, "nmp.onnx"),
}
"""For each kind what makes its card, and the file that its bundle needs."""
