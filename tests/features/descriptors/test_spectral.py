import numpy as np
import pytest

from moodprint.features.descriptors import spectral
from moodprint.features.descriptors.frames import Frames


def _inner(values):
    return values[4:-4]


def test_the_weight_of_a_sine_lies_at_its_pitch(tone):
    frames = Frames(tone(1000.0))
    centroid, bandwidth = _inner(spectral.moments(frames)).T
    np.testing.assert_allclose(centroid, 1000, atol=15)
    assert (bandwidth < 200).all()
    np.testing.assert_allclose(_inner(spectral.rolloff_hz(frames)), 1000, atol=25)


def test_noise_is_flat_and_wide_and_a_sine_is_neither(tone):
    noise = Frames(np.random.default_rng(0).normal(size=22_050).astype(np.float32))
    sine = Frames(tone(440.0))
    assert _inner(spectral.flatness(noise)).min() > 0.4
    assert _inner(spectral.flatness(sine)).max() < 1e-4
    assert spectral.moments(noise)[:, 1].mean() > 2500
    assert spectral.contrast_db(sine)[5:-5, 1].mean() > spectral.contrast_db(noise)[:, 1].mean()


def test_flux_tells_a_change_of_pitch_and_nothing_else(tone):
    steady = np.tile(tone(440.0, 0.5), 2)
    changing = np.concatenate([tone(440.0, 0.5), tone(880.0, 0.5)])
    assert _inner(spectral.flux(Frames(steady))).max() < 0.05
    flux = _inner(spectral.flux(Frames(changing)))
    assert flux.max() > 0.3
    assert flux.argmax() + 4 == pytest.approx(11_025 / 512, abs=2)


@pytest.mark.parametrize("gain", [0.01, 0.5])
def test_the_shape_does_not_depend_on_the_level(music, gain):
    loud, quiet = Frames(music), Frames(music * np.float32(gain))
    for descriptor in (spectral.moments, spectral.rolloff_hz, spectral.flux):
        np.testing.assert_allclose(descriptor(loud), descriptor(quiet), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_silence_gives_finite_values(count):
    frames = Frames(np.zeros(count, np.float32))
    assert not spectral.moments(frames).any()
    assert not spectral.rolloff_hz(frames).any()
    assert not spectral.flux(frames).any()
    np.testing.assert_allclose(spectral.flatness(frames), 1, atol=1e-5)
    assert not spectral.contrast_db(frames).any()
