import numpy as np
import pytest

from moodprint.recognition.explanation.cues.partials import partials
from moodprint.recognition.explanation.cues.register import register, register_midi
from moodprint.recognition.explanation.cues.spectra import magnitudes


def told(samples):
    pitch, salience = register(partials(magnitudes(samples))).T
    return register_midi(np.stack([pitch * salience, salience], axis=1))


@pytest.mark.parametrize("midi", [36, 45, 57, 60, 69, 76, 84, 93])
def test_a_tone_with_harmonics_is_heard_at_its_pitch(make_tones, midi):
    assert told(make_tones([midi], 2.0)) == pytest.approx(midi, abs=0.35)


def test_a_pure_tone_is_heard_at_its_pitch(tone):
    assert told(tone(880.0)) == pytest.approx(81, abs=0.35)


def test_high_and_low_average(make_tones):
    both = np.concatenate([make_tones([48], 4.0), make_tones([72], 4.0)])
    assert told(both) == pytest.approx(60, abs=1.5)


def test_a_chord_lies_among_its_notes(make_tones):
    assert 57 <= told(make_tones([57, 61, 64], 2.0)) <= 64


def test_silence_has_no_register():
    assert told(np.zeros(16_000, np.float32)) is None
