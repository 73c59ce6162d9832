import numpy as np
import pytest

from moodprint.recognition.explanation.cues.brightness import brightness_hz, spectral_weight
from moodprint.recognition.explanation.cues.spectra import magnitudes


def told(samples):
    return brightness_hz(spectral_weight(magnitudes(samples)))


def test_a_tone_is_as_bright_as_it_is_high(tone):
    assert told(tone(1000.0)) == pytest.approx(1000, rel=0.03)


def test_white_noise_has_its_middle_at_a_quarter_of_the_rate(noise):
    assert told(noise) == pytest.approx(4000, rel=0.02)


def test_level_does_not_matter(noise):
    assert told(noise * 0.01) == pytest.approx(told(noise), rel=1e-4)


def test_loud_moments_count_more(tone):
    both = np.concatenate([tone(400.0, gain=0.9), tone(4000.0, gain=0.1)])
    assert told(both) == pytest.approx(0.9 * 400 + 0.1 * 4000, rel=0.03)


def test_silence_has_no_brightness():
    assert told(np.zeros(16_000, np.float32)) is None


def test_single_frames_are_those_of_librosa(noise, tone):
    """Golden values: librosa 0.11's spectral_centroid, n_fft 4096, hop_length 1000, no padding."""
    spectra = magnitudes(noise + tone(700.0, seconds=10.0))
    ours = [brightness_hz(spectral_weight(spectra[n : n + 1])) for n in (0, 10, 80, 150)]
    assert ours == pytest.approx([3121.31917, 3563.60637, 3667.39793, 3591.41330], rel=1e-5)
