"""What two sounds share is kept, and what each holds alone is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.clip import FloatArray
from moodprint.recognition.common_sound import common_sound

RATE_HZ = 16_000
TIME_S = np.arange(4 * RATE_HZ) / RATE_HZ


def tone(frequency_hz: float, level: float = 0.2) -> FloatArray:
    return (level * np.sin(2 * np.pi * frequency_hz * TIME_S)).astype(np.float32)


def level_at(samples: FloatArray, frequency_hz: float) -> float:
    """The amplitude of a sine in the middle of the samples."""
    part = samples[RATE_HZ : 2 * RATE_HZ]
    wave = np.exp(-2j * np.pi * frequency_hz * np.arange(len(part)) / RATE_HZ)
    return float(2 * abs(part @ wave) / len(part))


def test_the_common_tone_stays_and_the_others_are_left_out() -> None:
    first, second = tone(440) + tone(1000), tone(440) + tone(2500)
    found = common_sound(first, second, RATE_HZ)
    assert level_at(found.common, 440) == pytest.approx(0.2, rel=0.1)
    assert level_at(found.common, 1000) < 0.01
    assert level_at(found.common, 2500) < 0.01
    assert level_at(found.first_rest, 1000) == pytest.approx(0.2, rel=0.1)
    assert level_at(found.second_rest, 2500) == pytest.approx(0.2, rel=0.1)
    assert level_at(found.first_rest, 440) < 0.03


@given(st.floats(0.05, 4.0))
def test_a_sound_beside_itself_at_any_level_is_all_common(gain: float) -> None:
    sound = tone(300) + tone(900, 0.05)
    found = common_sound(sound, (gain * sound).astype(np.float32), RATE_HZ)
    assert level_at(found.common, 300) == pytest.approx(0.2, rel=0.02)
    assert np.abs(found.first_rest[RATE_HZ:-RATE_HZ]).max() < 0.01


@pytest.mark.parametrize("semitones", [-1.0, 1.5])
def test_a_change_of_pitch_is_taken_back(semitones: float) -> None:
    first, second = tone(1000 * 2 ** (semitones / 12)), tone(1000)
    found = common_sound(first, second, RATE_HZ, pitch_semitones=semitones)
    assert level_at(found.common, 1000 * 2 ** (semitones / 12)) > 0.12


def test_a_change_of_speed_is_taken_back() -> None:
    """Bursts half a second apart, and the same 8 % slower."""
    bursts = tone(800) * (TIME_S % 0.5 < 0.1)
    slow = tone(800) * ((TIME_S * 0.92) % 0.5 < 0.1 * 0.92)
    speed = 1 / 0.92
    right = common_sound(bursts, slow, RATE_HZ, speed=speed).common
    wrong = common_sound(bursts, slow, RATE_HZ).common
    assert np.sum(right[2 * RATE_HZ :] ** 2) > 3 * np.sum(wrong[2 * RATE_HZ :] ** 2)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (100, 64_000), (64_000, 100), (1024, 1024)])
def test_short_sounds_have_little_or_nothing_in_common(first: int, second: int) -> None:
    sound = tone(500)
    found = common_sound(sound[:first], sound[:second], RATE_HZ)
    assert len(found.common) == (1024 if min(first, second) >= 1024 else 0)
    assert len(found.common) == len(found.first_rest) == len(found.second_rest)


def test_silence_has_nothing_in_common_with_sound() -> None:
    found = common_sound(tone(500), np.zeros_like(tone(500)), RATE_HZ)
    assert np.abs(found.common).max() == 0
    assert np.isfinite(found.first_rest).all()
