"""Two implementations of each descriptor agree, as closely as docs/features.md says."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from moodprint.features.descriptors import cepstral, energy, harmony, rhythm, spectral
from moodprint.features.descriptors.frames import Frames
from moodprint.features.descriptors.pitch import HIGHEST_HZ, LOWEST_HZ, pitch

if find_spec("librosa") is None:
    pytest.skip("the peer is not installed", allow_module_level=True)

PEER = Path(__file__).parents[2] / "support" / "librosa_values.py"
OURS = {
    "rms": energy.rms,
    "zero_crossings": energy.zero_crossings,
    "centroid": lambda frames: spectral.moments(frames)[:, 0],
    "bandwidth": lambda frames: spectral.moments(frames)[:, 1],
    "rolloff": spectral.rolloff_hz,
    "flatness": spectral.flatness,
    "contrast": spectral.contrast_db,
    "mfcc": lambda frames: cepstral.mfcc(cepstral.log_mel_db(frames)),
    "chroma": harmony.chroma,
    "tonnetz": lambda frames: harmony.tonnetz(harmony.chroma(frames)),
    "onsets": lambda frames: rhythm.onset_strength(cepstral.log_mel_db(frames)),
    "pitch": lambda frames: pitch(frames).hz,
}


@pytest.fixture(scope="module")
def theirs(music, tmp_path_factory):
    folder = tmp_path_factory.mktemp("librosa")
    np.save(folder / "samples.npy", music)
    words = [PEER, folder / "samples.npy", folder / "values.npz", LOWEST_HZ, HIGHEST_HZ]
    subprocess.run([sys.executable, *map(str, words)], check=True)
    return np.load(folder / "values.npz")


@pytest.mark.parametrize("name", OURS)
def test_values_equal_those_of_librosa(name, music, theirs):
    expected = np.atleast_2d(theirs[name]).T
    found = OURS[name](Frames(music)).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-3 * np.abs(expected).max())


def test_the_mel_filters_are_those_of_librosa(theirs):
    np.testing.assert_allclose(cepstral.mel_filters(), theirs["mel_filters"].T, atol=1e-7)


def test_the_tempo_is_that_of_librosa(music, theirs):
    onsets = rhythm.onset_strength(cepstral.log_mel_db(Frames(music)))
    assert rhythm.pulse(onsets).tempo_bpm == pytest.approx(theirs["tempo"][0])
