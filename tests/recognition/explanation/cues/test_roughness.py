import numpy as np
import pytest

from moodprint.recognition.explanation.cues.partials import partials
from moodprint.recognition.explanation.cues.roughness import roughness
from moodprint.recognition.explanation.cues.spectra import magnitudes


def told(samples):
    return float(roughness(partials(magnitudes(samples)))[8:-8].mean())


def modulated(hz, rate_hz, depth=1.0, seconds=2.0):
    time = np.arange(round(seconds * 16_000)) / 16_000
    beat = 1 + depth * np.cos(2 * np.pi * rate_hz * time)
    return (0.3 * beat * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def test_a_single_tone_is_smooth(tone):
    assert told(tone(440.0)) < 0.01


def test_two_equal_tones_at_their_roughest_have_1(tone):
    """At 1 kHz the curve has its top about 39 Hz apart."""
    apart = (told(tone(1000.0) + tone(1000.0 + gap)) for gap in (30, 39, 50))
    below, top, above = apart
    assert top == pytest.approx(1.0, abs=0.05)
    assert below < top
    assert above < top


def test_an_octave_and_a_fifth_are_smoother_than_a_semitone(make_tones):
    semitone, fifth, octave = (told(make_tones([60, 60 + n], 2.0)) for n in (1, 7, 12))
    assert octave < fifth < semitone


def test_the_deeper_a_tone_is_modulated_the_rougher_it_is():
    depths = [told(modulated(1000.0, 70.0, depth)) for depth in (0.0, 0.3, 0.6, 1.0)]
    assert depths == sorted(depths)
    assert depths[-1] > 2 * depths[1] > 0


def test_wide_modulation_is_heard_as_separate_tones():
    assert told(modulated(1000.0, 400.0)) < 0.2 * told(modulated(1000.0, 60.0))


def test_level_does_not_matter(make_tones):
    chord = make_tones([60, 61, 63], 2.0)
    assert told(chord * 0.1) == pytest.approx(told(chord), rel=1e-3)


def test_two_tones_equal_sethares_own_formula(tone):
    """dissmeasure of Sethares (1993), written out for two partials."""
    low, high, a, b = 500.0, 540.0, 0.5, 0.2
    s = 0.24 / (0.0207 * low + 18.96)
    curve = np.exp(-3.5 * s * (high - low)) - np.exp(-5.75 * s * (high - low))
    expected = min(a, b) * curve / (a + b) * 2 / 0.18077
    assert told(tone(low, gain=a) + tone(high, gain=b)) == pytest.approx(expected, rel=0.05)


def test_silence_is_smooth():
    assert told(np.zeros(32_000, np.float32)) == 0.0
