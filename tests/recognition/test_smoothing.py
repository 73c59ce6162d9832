import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moodprint.recognition.smoothing import smoothed

STARTS = np.arange(20) * 2.5
FLAT = np.ones(20, np.float32)


def two_moods(noise: float = 0.0) -> np.ndarray:
    logits = np.zeros((20, 5), np.float32)
    logits[:10, 0] = logits[10:, 4] = 4
    return logits + np.random.default_rng(0).normal(0, noise, logits.shape).astype(np.float32)


def test_a_change_of_mood_stays_where_it_is():
    steady = smoothed(two_moods(noise=0.4), FLAT, STARTS, 5.0)
    assert (steady[:10].argmax(axis=1) == 0).all()
    assert (steady[10:].argmax(axis=1) == 4).all()


def test_noise_within_a_mood_is_steadied():
    noisy = two_moods(noise=0.5)
    steady = smoothed(noisy, FLAT, STARTS, 5.0)
    assert steady[:10].std(axis=0).mean() < 0.6 * noisy[:10].std(axis=0).mean()


def test_neighbours_without_music_do_not_count():
    logits = np.zeros((3, 5), np.float32)
    logits[1] = 0.3
    alone = smoothed(logits, np.array([0, 1, 0], np.float32), STARTS[:3], 5.0)
    np.testing.assert_allclose(alone[1], logits[1], atol=1e-4)


@pytest.mark.parametrize("length", [0, 1])
def test_too_few_segments_stay_as_they_are(length):
    logits = np.ones((length, 5), np.float32)
    assert smoothed(logits, FLAT[:length], STARTS[:length], 5.0) is logits


def test_a_reach_of_zero_changes_nothing():
    np.testing.assert_array_equal(smoothed(two_moods(), FLAT, STARTS, 0.0), two_moods())


@given(arrays(np.float32, (6, 5), elements=st.floats(-10, 10, width=32)), st.floats(0.5, 30))
def test_values_stay_within_those_given(logits, reach_s):
    steady = smoothed(logits, FLAT[:6], STARTS[:6], reach_s)
    assert (steady <= logits.max(axis=0) + 1e-4).all()
    assert (steady >= logits.min(axis=0) - 1e-4).all()


def test_a_single_wavering_segment_is_drawn_to_those_around_it():
    logits = np.zeros((9, 5), np.float32)
    logits[4, 0] = 1.0
    steady = smoothed(logits, FLAT[:9], STARTS[:9], 5.0)
    assert 0 < steady[4, 0] < 0.3


def test_it_is_the_same_from_the_end_as_from_the_start():
    logits = two_moods(noise=1.0)
    forwards = smoothed(logits, FLAT, STARTS, 5.0)
    backwards = smoothed(logits[::-1], FLAT, STARTS, 5.0)[::-1]
    np.testing.assert_allclose(forwards, backwards, rtol=1e-4, atol=1e-5)


def test_what_all_classes_share_moves_nothing_but_itself():
    logits = two_moods(noise=0.5)
    moved = smoothed(logits + 7, FLAT, STARTS, 5.0)
    np.testing.assert_allclose(moved, smoothed(logits, FLAT, STARTS, 5.0) + 7, atol=1e-4)
