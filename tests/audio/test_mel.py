import numpy as np
import pytest
import scipy.fft
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.mel import HTK, SLANEY, cosine_transform, mel_edges_hz, triangles
from moodprint.audio.stft import frequencies_hz
from moodprint.errors import OptionError

SCALES = {"htk": HTK, "slaney": SLANEY}
scales = pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)


@scales
@given(hz=st.floats(0, 24_000))
def test_frequencies_come_back(scale, hz):
    assert float(scale.to_hz(scale.from_hz(hz))) == pytest.approx(hz, abs=1e-6)


@scales
def test_higher_is_higher_and_1000_hz_where_its_source_has_it(scale):
    mels = scale.from_hz(np.linspace(0, 24_000, 1000))
    assert (np.diff(mels) > 0).all()
    assert mels[0] == 0
    assert float(HTK.from_hz(1000.0)) == pytest.approx(1000, abs=0.1)
    assert float(SLANEY.from_hz(1000.0)) == 15
    assert float(SLANEY.from_hz(6400.0)) == pytest.approx(15 + 27)


@pytest.mark.parametrize(("scale", "htk"), [(HTK, True), (SLANEY, False)])
def test_librosa_has_the_same_filters(scale, htk):
    librosa = pytest.importorskip("librosa")
    edges = mel_edges_hz(scale, 40, 8000, 64)
    bins = frequencies_hz(1024, 22_050)
    for equal_areas, norm in ((True, "slaney"), (False, None)):
        theirs = librosa.filters.mel(
            sr=22_050, n_fft=1024, n_mels=64, fmin=40, fmax=8000, htk=htk, norm=norm
        )
        own = triangles(bins, edges, equal_areas=equal_areas)
        # librosa's HTK scale, 2595 log10(1 + f / 700), is 1127.0105 ln(1 + f / 700).
        np.testing.assert_allclose(own, theirs.T, atol=1e-6)


@scales
def test_inside_the_bands_the_weights_of_each_frequency_add_up_to_one(scale):
    edges = mel_edges_hz(scale, 100, 4000, 20)
    hz = np.linspace(edges[1], edges[-2], 500)
    np.testing.assert_allclose(triangles(hz, edges).sum(axis=1), 1)


def test_each_band_peaks_at_its_middle_edge_and_ends_at_its_neighbours():
    edges = np.array([0.0, 100.0, 250.0, 400.0])
    weights = triangles([0, 50, 100, 250, 400, 500], edges)
    assert weights[:, 0].tolist() == [0, 0.5, 1, 0, 0, 0]
    assert weights[:, 1].tolist() == [0, 0, 0, 1, 0, 0]


@scales
def test_areas_are_one_when_asked_for(scale):
    edges = mel_edges_hz(scale, 0, 8000, 24)
    hz = np.linspace(0, 8000, 40_001)
    areas = triangles(hz, edges, equal_areas=True).sum(axis=0) * (hz[1] - hz[0])
    np.testing.assert_allclose(areas, 1, rtol=1e-3)


@pytest.mark.parametrize(("low", "high", "bands"), [(0, 8000, 0), (-1, 8000, 4), (500, 500, 4)])
def test_bands_that_cannot_be_are_refused(low, high, bands):
    with pytest.raises(OptionError, match="mel bands"):
        mel_edges_hz(HTK, low, high, bands)


def test_the_cosine_transform_is_scipys_but_for_the_level():
    log_mel = np.random.default_rng(0).standard_normal((5, 64))
    own = log_mel @ cosine_transform(64, 20)
    theirs = scipy.fft.dct(log_mel, norm="ortho")[:, :20]
    np.testing.assert_allclose(own[:, 1:], theirs[:, 1:], atol=1e-12)
    np.testing.assert_allclose(own[:, 0], theirs[:, 0] * np.sqrt(2), atol=1e-12)


def test_cosines_of_an_even_spectrum_tell_its_level_alone():
    cepstrum = np.full((1, 40), 3.0) @ cosine_transform(40, 13)
    assert cepstrum[0, 0] == pytest.approx(3 * np.sqrt(80))
    np.testing.assert_allclose(cepstrum[0, 1:], 0, atol=1e-12)
