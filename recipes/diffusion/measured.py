"""What a picture shows without any network: how bright, loud, dense and lively it is, its pulse."""

from __future__ import annotations

import numpy as np

from recipes.diffusion.spectrogram import PICTURE, STEP_DB, Bytes

MEASURED = ("brightness", "level", "dynamics", "liveliness", "density", "pulse", "tempo")
"""In this order: the mean band of the power (0 to 1); the mean and the deviation of the level in
dB; the mean rise from frame to frame in dB; the share of bands within 30 dB of the loudest; the
strength of the beat (0 to 1), and the octaves of its tempo above 120 beats a minute."""

_FRAMES_PER_MINUTE = 60 * PICTURE.sample_rate_hz // PICTURE.hop
_LAGS = np.arange(_FRAMES_PER_MINUTE // 200, _FRAMES_PER_MINUTE // 55)
_OCTAVES = np.log2(_FRAMES_PER_MINUTE / _LAGS / 120)
_PREFERRED = np.exp(-0.5 * (_OCTAVES / 0.9) ** 2)
"""Listeners tap rather near 120 beats a minute (van Noorden and Moelants 1999)."""


def measured(picture: Bytes) -> np.ndarray:
    """[7] of one picture [T, F]."""
    level_db = picture.astype(np.float32) * np.float32(STEP_DB)
    power = 10 ** (level_db / 10)
    frame_db = 10 * np.log10(power.sum(axis=1))
    bands = np.linspace(0, 1, picture.shape[1])
    brightness = (power @ bands / power.sum(axis=1)).mean()
    rise = np.maximum(np.diff(level_db, axis=0), 0).mean(axis=1)
    loud = level_db > level_db.max(axis=1, keepdims=True) - 30
    pulse, octaves = _beat(rise)
    return np.array(
        [brightness, frame_db.mean(), frame_db.std(), rise.mean(), loud.mean(), pulse, octaves],
        np.float32,
    )


def _beat(rise: np.ndarray) -> tuple[float, float]:
    """Strength and tempo of the beat, by the autocorrelation of the onsets."""
    onsets = rise - rise.mean()
    energy = float(onsets @ onsets) + 1e-6
    alike = np.array([onsets[lag:] @ onsets[:-lag] for lag in _LAGS]) / energy
    best = int(np.argmax(np.maximum(alike, 0) * _PREFERRED))
    return float(np.clip(alike[best], 0, 1)), float(_OCTAVES[best])
