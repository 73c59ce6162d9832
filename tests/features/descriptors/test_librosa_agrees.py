"""Two implementations of each descriptor agree, as closely as docs/features.md says."""

import warnings

import numpy as np
import pytest

from moodprint.features.descriptors import cepstral, energy, harmony, rhythm, spectral
from moodprint.features.descriptors.frames import Frames
from moodprint.features.descriptors.pitch import HIGHEST_HZ, LOWEST_HZ, pitch

librosa = pytest.importorskip("librosa", reason="the peer is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Of librosa's own dependencies.

PEERS = {
    "rms": (energy.rms, lambda y: librosa.feature.rms(y=y)),
    "zero_crossings": (energy.zero_crossings, librosa.feature.zero_crossing_rate),
    "centroid": (
        lambda frames: spectral.moments(frames)[:, :1],
        lambda y: librosa.feature.spectral_centroid(y=y),
    ),
    "bandwidth": (
        lambda frames: spectral.moments(frames)[:, 1:],
        lambda y: librosa.feature.spectral_bandwidth(y=y),
    ),
    "rolloff": (spectral.rolloff_hz, lambda y: librosa.feature.spectral_rolloff(y=y)),
    "flatness": (spectral.flatness, lambda y: librosa.feature.spectral_flatness(y=y)),
    "contrast": (spectral.contrast_db, lambda y: librosa.feature.spectral_contrast(y=y)),
    "mfcc": (
        lambda frames: cepstral.mfcc(cepstral.log_mel_db(frames)),
        lambda y: librosa.feature.mfcc(y=y),
    ),
    "chroma": (harmony.chroma, lambda y: librosa.feature.chroma_stft(y=y, tuning=0.0)),
    "tonnetz": (
        lambda frames: harmony.tonnetz(harmony.chroma(frames)),
        lambda y: librosa.feature.tonnetz(chroma=librosa.feature.chroma_stft(y=y, tuning=0.0)),
    ),
    "onsets": (
        lambda frames: rhythm.onset_strength(cepstral.log_mel_db(frames)),
        lambda y: librosa.onset.onset_strength(y=y),
    ),
    "pitch": (
        lambda frames: pitch(frames).hz,
        lambda y: librosa.yin(y, fmin=LOWEST_HZ, fmax=HIGHEST_HZ),
    ),
}


@pytest.mark.parametrize("name", PEERS)
def test_values_equal_those_of_librosa(name, music):
    ours, theirs = PEERS[name]
    expected = np.atleast_2d(theirs(music)).T
    found = ours(Frames(music)).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-3 * np.abs(expected).max())


def test_the_mel_filters_are_those_of_librosa():
    peer = librosa.filters.mel(sr=22_050, n_fft=2048)
    np.testing.assert_allclose(cepstral.mel_filters(), peer.T, atol=1e-7)


def test_the_tempo_is_that_of_librosa(music):
    onsets = rhythm.onset_strength(cepstral.log_mel_db(Frames(music)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = librosa.feature.tempo(onset_envelope=onsets)
    assert rhythm.pulse(onsets).tempo_bpm == pytest.approx(expected[0])
