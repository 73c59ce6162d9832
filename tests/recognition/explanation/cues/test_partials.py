import numpy as np
import pytest

from moodprint.recognition.explanation.cues.partials import (
    HIGHEST_HZ,
    LOWEST_HZ,
    MOST,
    partials,
)
from moodprint.recognition.explanation.cues.spectra import magnitudes


def test_frequencies_are_told_between_bins(tone):
    peaks = partials(magnitudes(tone(441.7) + tone(1234.5, gain=0.05)))
    frame = peaks.magnitude[10]
    found = sorted(peaks.hz[10][frame > 0.01])
    assert found == pytest.approx([441.7, 1234.5], abs=0.3)
    assert frame.max() == pytest.approx(0.5, rel=0.1)


def test_what_lies_50_db_under_the_strongest_is_left_out(tone):
    peaks = partials(magnitudes(tone(500.0, gain=0.5) + tone(2000.0, gain=0.5 * 10 ** (-55 / 20))))
    assert (peaks.magnitude[10] > 0).sum() == 1


def test_at_most_32_of_noise(noise):
    peaks = partials(magnitudes(noise))
    assert peaks.hz.shape == peaks.magnitude.shape == (160, MOST)
    assert (peaks.magnitude[10:150] > 0).all()


def test_silence_has_none():
    peaks = partials(magnitudes(np.zeros(16_000, np.float32)))
    assert not peaks.magnitude.any()
    assert np.isfinite(peaks.hz).all()


def test_the_strongest_come_first(noise):
    magnitude = partials(magnitudes(noise)).magnitude
    assert (np.diff(magnitude, axis=1) <= 0).all()


def test_each_lies_in_the_range_or_is_none(noise):
    hz = partials(magnitudes(noise)).hz
    present = hz[hz > 0]
    assert len(present)
    assert present.min() >= LOWEST_HZ - 4
    assert present.max() <= HIGHEST_HZ + 4


@pytest.mark.parametrize("hz", [30.0, 7_500.0])
def test_what_lies_outside_is_none(tone, hz):
    assert not partials(magnitudes(tone(hz))).magnitude[10].any()


def test_the_level_scales_magnitudes_and_moves_no_partial(tone):
    loud, soft = (partials(magnitudes(tone(441.7, gain=gain))) for gain in (0.5, 0.05))
    np.testing.assert_allclose(loud.hz[8:24], soft.hz[8:24], atol=0.01)
    np.testing.assert_allclose(loud.magnitude[8:24], 10 * soft.magnitude[8:24], rtol=1e-3)
