"""What recipes/ear/recordings.py does to made-up log-mels."""

from __future__ import annotations

import numpy as np
import pytest


def test_a_telephone_takes_what_lies_outside(recordings):
    mel_db = np.full((64, 64), -20, np.float32)
    hz = recordings.band_centres_hz()
    limited = recordings.limited(mel_db, 300.0, 3_400.0)
    inside = (hz > 310) & (hz < 3_300)
    np.testing.assert_allclose(limited[:, inside], -20)
    assert (limited[:, hz > 7_000] < -50).all()
    assert (limited[:, hz < 100] < -60).all()


def test_an_echo_is_as_loud_as_the_sound_and_dies_away(recordings):
    power = np.full((320, 1), 1e-12)
    power[10] = 1.0
    echo_db = 10 * np.log10(recordings.with_echo(power, 0.8, 64.0) - power + 1e-12)[:, 0]
    assert echo_db[9] < -100
    assert (echo_db[40] - echo_db[20]) / 20 * 64 == pytest.approx(-60 / 0.8, rel=0.01)
    steady = recordings.with_echo(np.ones((640, 1)), 0.8, 64.0)
    assert steady[-1, 0] == pytest.approx(2, rel=0.01)


def test_a_room_adds_to_the_sound_and_takes_from_it(recordings):
    mel_db = np.full((640, 64), -20, np.float32)
    reverberant = recordings.in_a_room(mel_db, 0.8, np.random.default_rng(0))[320:]
    gained = reverberant + 20
    assert gained.max() > 5
    assert gained.min() < -2
    assert 10 * np.log10((10 ** (gained / 10)).mean()) == pytest.approx(3, abs=0.5)
    assert gained[:, -8:].std() < 0.7 * gained[:, :8].std()  # wide bands even it out


def test_a_room_fills_gaps_and_leaves_silence_finite(recordings):
    mel_db = np.full((320, 64), -100, np.float32)
    mel_db[10] = -20
    reverberant = recordings.in_a_room(mel_db, 0.8, np.random.default_rng(0))
    assert np.isfinite(reverberant).all()
    assert reverberant[14].mean() > -60
    assert reverberant[9].mean() < -95


def test_clipping_brings_loud_frames_nearly_to_one_level_and_fills_all_bands(recordings):
    mel_db = np.full((100, 64), -80, np.float32)
    mel_db[:50, 10], mel_db[50:, 10] = -30.0, -10.0
    clipped = recordings.clipped(mel_db, np.random.default_rng(0))
    assert clipped.dtype == np.float32
    assert clipped[50:, 10].mean() - clipped[:50, 10].mean() < 12
    assert (clipped[50:] >= mel_db[50:].min()).all()
    assert clipped[50:, 40].mean() > -60, "what clipping adds"
    np.testing.assert_allclose(clipped[:50], mel_db[:50], atol=0.5)
