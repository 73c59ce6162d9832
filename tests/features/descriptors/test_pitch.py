import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.features.descriptors.frames import Frames
from moodprint.features.descriptors.pitch import pitch


@settings(max_examples=20)
@given(st.floats(80, 1500), st.floats(0.01, 1))
def test_a_harmonic_tone_has_its_pitch_at_any_level(hz, gain):
    time = np.arange(8000) / 22_050
    sound = sum(np.sin(2 * np.pi * hz * n * time) / n for n in (1, 2, 3))
    found = pitch(Frames((gain * sound / 2).astype(np.float32)))
    np.testing.assert_allclose(found.hz[4:-4], hz, rtol=0.01)
    assert (found.aperiodicity[4:-4] < 0.15).all()


def test_a_glide_is_followed():
    time = np.arange(3 * 22_050) / 22_050
    hz = 200 + 100 * time
    found = pitch(Frames(np.sin(2 * np.pi * np.cumsum(hz) / 22_050).astype(np.float32)))
    np.testing.assert_allclose(found.hz[4:-4], hz[::512][4 : len(found.hz) - 4], rtol=0.02)


def test_noise_has_no_clear_pitch():
    noise = np.random.default_rng(0).normal(size=22_050).astype(np.float32)
    assert np.median(pitch(Frames(noise)).aperiodicity) > 0.5


@pytest.mark.parametrize("count", [0, 1, 600, 300_000])
def test_any_length_gives_a_finite_value_a_frame(count):
    frames = Frames(np.zeros(count, np.float32))
    found = pitch(frames)
    assert found.hz.shape == found.aperiodicity.shape == (frames.count,)
    assert np.isfinite(found.hz).all()
    assert not found.aperiodicity.any()
