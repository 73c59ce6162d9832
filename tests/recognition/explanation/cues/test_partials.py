import numpy as np
import pytest

from moodprint.recognition.explanation.cues.partials import MOST, partials
from moodprint.recognition.explanation.cues.spectra import magnitudes


def test_frequencies_are_told_between_bins(tone):
    heard = partials(magnitudes(tone(441.7) + tone(1234.5, gain=0.05)))
    frame = heard.magnitude[10]
    found = sorted(heard.hz[10][frame > 0.01])
    assert found == pytest.approx([441.7, 1234.5], abs=0.3)
    assert frame.max() == pytest.approx(0.5, rel=0.1)


def test_what_lies_50_db_under_the_strongest_is_left_out(tone):
    heard = partials(magnitudes(tone(500.0, gain=0.5) + tone(2000.0, gain=0.5 * 10 ** (-55 / 20))))
    assert (heard.magnitude[10] > 0).sum() == 1


def test_at_most_32_of_noise(noise):
    heard = partials(magnitudes(noise))
    assert heard.hz.shape == heard.magnitude.shape == (160, MOST)
    assert (heard.magnitude[10:150] > 0).all()


def test_silence_has_none():
    heard = partials(magnitudes(np.zeros(16_000, np.float32)))
    assert not heard.magnitude.any()
    assert np.isfinite(heard.hz).all()
