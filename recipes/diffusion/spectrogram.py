"""The pictures that the generator draws."""

from __future__ import annotations

import numpy as np

from moodprint.audio.spectrogram import LogMel

PICTURE = LogMel(
    sample_rate_hz=32_000,
    hop=320,  # 10 ms, as Riffusion's
    window=2_048,  # 64 ms: partials of a bass at 60 Hz are 4 bins apart
    bands=128,
    lowest_hz=30.0,
    highest_hz=15_000.0,
    floor_db=-90.0,
)
"""512 frames of 128 bands are 5.12 s."""

FRAMES = 512
STEP_DB = 0.4

Bytes = np.ndarray


def to_bytes(mel_db: np.ndarray) -> Bytes:
    """Levels in dB as steps of ``STEP_DB`` above the floor."""
    steps = np.round((mel_db - PICTURE.floor_db) / STEP_DB)
    return np.clip(steps, 0, 255).astype(np.uint8)


def to_unit(steps: Bytes) -> np.ndarray:
    """[-1, 1] of such steps: what the networks see."""
    return steps.astype(np.float32) * np.float32(2 / 255) - np.float32(1)


def from_unit(values: np.ndarray) -> np.ndarray:
    """Levels in dB of what the networks draw."""
    return (values + 1) * np.float32(255 / 2 * STEP_DB) + np.float32(PICTURE.floor_db)
