"""Every kind of signal of recipes/ear/signals.py."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def signals(load):
    return load("signals")


def test_each_kind_sounds_for_as_long_as_asked(signals):
    for kind in signals._KINDS:
        for seed in range(6):
            time_s = np.arange(16_000) / 8_000
            sound = kind(time_s, np.random.default_rng(seed))
            assert sound.shape == time_s.shape, kind
            assert np.isfinite(sound).all(), kind
            assert sound.std() > 0, kind


def test_a_signal_has_power_one_and_some_noise(signals):
    made = [signals.signal(2.0, np.random.default_rng(seed)) for seed in range(30)]
    assert all(0.9 < sound.std() < 1.2 for sound in made)
    assert {sound.dtype for sound in made} == {np.dtype(np.float32)}


def test_the_same_seed_makes_the_same_signal(signals):
    one, other = (signals.signal(1.0, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
