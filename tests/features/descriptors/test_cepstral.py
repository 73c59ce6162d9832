import numpy as np
from scipy.fft import dct

from moodprint.features.descriptors import cepstral
from moodprint.features.descriptors.frames import Frames, frequencies_hz


def test_the_cepstrum_is_the_orthonormal_cosine_transform(music):
    log_mel = cepstral.log_mel_db(Frames(music))
    expected = dct(log_mel, norm="ortho", axis=1)[:, : cepstral.COEFFICIENTS]
    np.testing.assert_allclose(cepstral.mfcc(log_mel), expected, atol=2e-3)


def test_each_filter_peaks_once_and_they_rise():
    peaks = cepstral.mel_filters().argmax(axis=0)
    assert (np.diff(frequencies_hz()[peaks]) >= 0).all()
    assert (cepstral.mel_filters().sum(axis=0) > 0).all()


def test_the_range_is_80_db_and_silence_is_level():
    noisy = cepstral.log_mel_db(Frames(np.eye(1, 8000, 3000, dtype=np.float32)[0]))
    assert np.ptp(noisy) <= 80 + 1e-3
    silent = cepstral.log_mel_db(Frames(np.zeros(900, np.float32)))
    np.testing.assert_allclose(silent, -100, atol=1e-3)


def test_gain_moves_the_first_coefficient_alone(music):
    loud, quiet = (
        cepstral.mfcc(cepstral.log_mel_db(Frames(music * np.float32(gain)))) for gain in (1, 0.1)
    )
    moved = loud - quiet
    np.testing.assert_allclose(moved[:, 0], 20 * np.sqrt(128), rtol=0.01)
    np.testing.assert_allclose(moved[:, 1:], 0, atol=0.1)


def test_filters_of_another_rate_cover_it_too():
    filters = cepstral.mel_filters(40, 512, 16_000)
    assert filters.shape == (257, 40)
    assert (filters >= 0).all()
    assert not filters[0].any(), "0 Hz has no pitch"
