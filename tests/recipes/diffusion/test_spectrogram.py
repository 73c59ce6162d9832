"""Pictures are levels in steps of 0.4 dB; the networks see them within -1 and 1."""

from __future__ import annotations

import numpy as np
from recipes.diffusion.spectrogram import FRAMES, PICTURE, STEP_DB, from_unit, to_bytes, to_unit


def test_a_picture_is_five_seconds_of_a_hundred_frames_each():
    assert FRAMES / PICTURE.frames_per_second == 5.12


def test_levels_come_back_within_half_a_step():
    mel_db = np.random.default_rng(1).uniform(-90, 12, (40, PICTURE.bands)).astype(np.float32)
    again = from_unit(to_unit(to_bytes(mel_db)))
    assert np.abs(again - mel_db).max() <= STEP_DB / 2 + 1e-4


def test_levels_beyond_the_range_are_its_ends():
    units = to_unit(to_bytes(np.array([[-500.0, 500.0]])))
    assert units.tolist() == [[-1, 1]]
