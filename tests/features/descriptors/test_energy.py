import numpy as np

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
