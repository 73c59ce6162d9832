import numpy as np
import pytest

from moodprint.clip import Clip
from moodprint.errors import OptionError
from moodprint.features.descriptors.frames import Frames, decibels, frequencies_hz, safe_ratio


@pytest.mark.parametrize(("samples", "count"), [(0, 1), (1, 1), (511, 1), (512, 2), (22_050, 44)])
def test_frames_are_counted_and_shaped(samples, count):
    frames = Frames(np.ones(samples, np.float32))
    assert frames.count == count
    assert frames.raw.shape == (count, 2048)
    assert frames.power.shape == frames.magnitude.shape == (count, 1025)


def test_a_frame_is_centred_on_its_sample():
    samples = np.zeros(4096, np.float32)
    samples[1024] = 1
    assert np.flatnonzero(Frames(samples).raw[2]) == [1024]


def test_a_sine_peaks_at_its_bin(tone):
    hz = frequencies_hz()[100]
    assert (Frames(tone(hz)).power[3:-3].argmax(axis=1) == 100).all()


def test_another_rate_is_refused():
    with pytest.raises(OptionError, match="22050 Hz, not 8000"):
        Frames.of(Clip(np.zeros(9, np.float32), 8000))


def test_decibels_have_a_floor_and_a_range():
    np.testing.assert_allclose(decibels(np.array([1.0, 1e-5, 0.0])), [0, -50, -80], atol=1e-5)
    np.testing.assert_allclose(decibels(np.array([0.0]), None), [-100])


def test_a_row_of_nothing_stays_nothing():
    ratio = safe_ratio(np.array([[0.0, 0.0], [2.0, 4.0]]), np.array([0.0, 2.0]))
    assert ratio.tolist() == [[0, 0], [1, 2]]
