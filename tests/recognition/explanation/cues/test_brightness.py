import numpy as np
import pytest

from moodprint.recognition.explanation.cues.brightness import (
    BRIGHTNESS,
    brightness_hz,
    spectral_weight,
)
from moodprint.recognition.explanation.cues.spectra import magnitudes


def brightness_of(samples):
    return brightness_hz(spectral_weight(magnitudes(samples)))


def test_a_tone_is_as_bright_as_it_is_high(tone):
    assert brightness_of(tone(1000.0)) == pytest.approx(1000, rel=0.03)


def test_white_noise_has_its_middle_at_a_quarter_of_the_rate(noise):
    assert brightness_of(noise) == pytest.approx(4000, rel=0.02)


def test_level_does_not_matter(noise):
    assert brightness_of(noise * 0.01) == pytest.approx(brightness_of(noise), rel=1e-4)


def test_loud_moments_count_more(tone):
    both = np.concatenate([tone(400.0, gain=0.9), tone(4000.0, gain=0.1)])
    assert brightness_of(both) == pytest.approx(0.9 * 400 + 0.1 * 4000, rel=0.03)


def test_silence_has_no_brightness():
    assert brightness_of(np.zeros(16_000, np.float32)) is None


def test_single_frames_are_those_of_librosa(noise, tone):
    """Golden values: librosa 0.11's spectral_centroid, n_fft 4096, hop_length 1000, no padding."""
    spectra = magnitudes(noise + tone(700.0, seconds=10.0))
    ours = [brightness_hz(spectral_weight(spectra[n : n + 1])) for n in (0, 10, 80, 150)]
    assert ours == pytest.approx([3121.31917, 3563.60637, 3667.39793, 3591.41330], rel=1e-5)


def test_the_weight_of_a_frame_is_its_magnitude_and_its_moment():
    spectrum = np.zeros((1, 2049), np.float32)
    spectrum[0, [256, 512]] = 2.0, 1.0  # at 1 and 2 kHz
    assert spectral_weight(spectrum)[0] == pytest.approx([3.0, 4000.0])


def test_the_cue_is_that_of_the_stretch_alone(record, tone):
    recording = record(np.concatenate([tone(500.0, 4.0), tone(3000.0, 4.0)]))
    assert BRIGHTNESS.measure(recording.stretch((0.5, 3.0))) == pytest.approx(500, rel=0.05)
    assert BRIGHTNESS.measure(recording.stretch((5.0, 7.5))) == pytest.approx(3000, rel=0.05)
    assert BRIGHTNESS.say(820.4) == "820 Hz"
