import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.tempo import autocorrelation, tempo_preference
from moodprint.errors import OptionError


@given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 9))
def test_it_equals_its_definition_written_slowly(length, lags, seed):
    signal = np.random.default_rng(seed).standard_normal(length)
    slowly = [sum(signal[lag:] * signal[: max(0, length - lag)]) for lag in range(lags)]
    np.testing.assert_allclose(autocorrelation(signal, lags), slowly, atol=1e-9)


def test_numpy_correlates_alike():
    signal = np.random.default_rng(1).standard_normal(1000)
    theirs = np.correlate(signal, signal, "full")[999:]
    np.testing.assert_allclose(autocorrelation(signal, 1000), theirs, atol=1e-9)


def test_a_pulse_is_most_like_itself_one_period_later():
    pulse = (np.arange(400) % 25 == 0).astype(np.float32)
    likeness = autocorrelation(pulse, 60)
    assert likeness.argmax() == 0
    assert likeness[1:].argmax() + 1 == 25
    np.testing.assert_allclose(likeness[[0, 25, 50]], [16, 15, 14])
    np.testing.assert_allclose(likeness[1:25], 0, atol=1e-9)


@given(st.floats(0.1, 100))
def test_gain_counts_squared(gain):
    signal = np.sin(np.arange(64.0))
    np.testing.assert_allclose(
        autocorrelation(gain * signal, 16), gain**2 * autocorrelation(signal, 16), atol=1e-9
    )


@pytest.mark.parametrize(("length", "lags"), [(0, 4), (4, 0)])
def test_what_has_no_lags_is_refused(length, lags):
    with pytest.raises(OptionError, match="lags"):
        autocorrelation(np.zeros(length), lags)


def test_the_usual_tempo_is_preferred_and_octaves_away_alike():
    bpm = np.array([30.0, 60, 120, 240, 480])
    preference = tempo_preference(bpm, 120, 1.0)
    assert preference.tolist() == [-2, -0.5, 0, -0.5, -2]
    assert tempo_preference(bpm, 120, 2.0).tolist() == [-0.5, -0.125, 0, -0.125, -0.5]
