import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.integers(0, 5000))
def test_power_is_that_of_the_frames_by_parseval(count: int) -> None:
    frames = Frames(np.random.default_rng(count).normal(size=count).astype(np.float32))
    taper = np.hanning(2049)[:-1]
    energy = ((frames.raw * taper) ** 2).sum(axis=1)
    sides = np.full(1025, 2.0)
    sides[[0, -1]] = 1
    np.testing.assert_allclose(frames.power @ sides / 2048, energy, rtol=1e-3, atol=1e-5)


def test_the_edges_are_zeros_or_the_last_sample() -> None:
    frames = Frames(np.array([3.0, 5.0], np.float32))
    assert frames.padded().tolist() == [0.0] * 1024 + [3, 5] + [0.0] * 1024
    assert frames.padded("edge")[[0, 1023, -1]].tolist() == [3, 3, 5]


def test_frames_are_a_view_and_cost_no_memory() -> None:
    frames = Frames(np.zeros(100_000, np.float32))
    assert not frames.raw.flags.owndata
    assert frames.per_second == pytest.approx(43.07, abs=0.01)
