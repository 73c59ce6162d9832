import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from moodprint.features.descriptors import energy
from moodprint.features.descriptors.frames import Frames


def test_a_sine_has_its_textbook_energy_and_crossings(tone):
    frames = Frames(tone(1000.0, gain=1.0))
    np.testing.assert_allclose(energy.rms(frames)[3:-3], 2**-0.5, atol=2e-3)
    np.testing.assert_allclose(energy.zero_crossings(frames)[3:-3], 2000 / 22_050, atol=1e-3)


def test_the_level_scales_energy_alone(music):
    whole, half = Frames(music), Frames(music / 2)
    np.testing.assert_allclose(energy.rms(half), energy.rms(whole) / 2, rtol=1e-5)
    np.testing.assert_array_equal(energy.zero_crossings(half), energy.zero_crossings(whole))


def test_silence_has_neither():
    for count in (0, 1, 4000):
        frames = Frames(np.zeros(count, np.float32))
        assert not energy.rms(frames).any()
        assert not energy.zero_crossings(frames).any()


@given(st.integers(0, 6000), st.floats(0.001, 1.0))
def test_a_level_signal_has_its_level_where_frames_are_full(count: int, level: float) -> None:
    values = energy.rms(Frames(np.full(count, level, np.float32)))
    assert values.shape == (1 + count // 512,)
    assert (values <= level * (1 + 1e-5)).all(), "zeros at the edges only lower it"
    np.testing.assert_allclose(values[2:-2], level, rtol=1e-4)


def test_noise_near_zero_does_not_cross() -> None:
    hiss = 1e-11 * np.random.default_rng(0).normal(size=4000).astype(np.float32)
    assert not energy.zero_crossings(Frames(hiss)).any()
    assert energy.zero_crossings(Frames(hiss * np.float32(1e6)))[3] > 0.3
