"""What is measured in a picture rises with what it is named after."""

from __future__ import annotations

import numpy as np
import pytest
from recipes.diffusion.measured import MEASURED, measured
from recipes.diffusion.spectrogram import FRAMES, PICTURE, to_bytes


def _picture(level_db: np.ndarray) -> np.ndarray:
    return to_bytes(np.broadcast_to(level_db, (FRAMES, PICTURE.bands)))


def _named(picture: np.ndarray) -> dict[str, float]:
    return dict(zip(MEASURED, measured(picture).tolist(), strict=True))


def _beats(bpm: float) -> np.ndarray:
    """A decaying sound at each beat."""
    since = np.arange(FRAMES) % round(60 * PICTURE.frames_per_second / bpm)
    return _picture((-10 - 1.0 * since)[:, None])


def test_high_bands_are_bright_and_gain_is_level():
    low, high = np.full(PICTURE.bands, -90.0), np.full(PICTURE.bands, -90.0)
    low[10], high[100] = -20, -20
    dark, bright = _named(_picture(low)), _named(_picture(high))
    assert bright["brightness"] - dark["brightness"] == pytest.approx(90 / 127, abs=0.01)
    louder = _named(_picture(low + 10 * (low > -90)))
    assert louder["level"] - dark["level"] == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("bpm", [75, 100, 120, 150])
def test_a_beat_has_its_tempo_and_is_a_strong_pulse(bpm: float):
    found = _named(_beats(bpm))
    assert 120 * 2 ** found["tempo"] == pytest.approx(bpm, rel=0.03)
    assert found["pulse"] > 0.6


def test_a_held_sound_has_neither_pulse_nor_life():
    held = _named(_picture(np.full(PICTURE.bands, -20.0)))
    assert held["pulse"] < 0.1
    assert held["liveliness"] == 0
    assert held["dynamics"] == pytest.approx(0, abs=0.01)
    assert held["density"] == 1


def test_silence_has_finite_measures():
    assert np.isfinite(measured(np.zeros((FRAMES, PICTURE.bands), np.uint8))).all()
