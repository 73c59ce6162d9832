import numpy as np
import pytest

from moodprint.recognition.explanation.cues.partials import partials
from moodprint.recognition.explanation.cues.register import REGISTER, register, register_midi
from moodprint.recognition.explanation.cues.spectra import magnitudes


def register_of(samples):
    pitch, salience = register(partials(magnitudes(samples))).T
    return register_midi(np.stack([pitch * salience, salience], axis=1))


@pytest.mark.parametrize("midi", [36, 45, 57, 60, 69, 76, 84, 93])
def test_a_tone_with_harmonics_is_heard_at_its_pitch(make_tones, midi):
    assert register_of(make_tones([midi], 2.0)) == pytest.approx(midi, abs=0.35)


def test_a_pure_tone_is_heard_at_its_pitch(tone):
    assert register_of(tone(880.0)) == pytest.approx(81, abs=0.35)


def test_high_and_low_average(make_tones):
    both = np.concatenate([make_tones([48], 4.0), make_tones([72], 4.0)])
    assert register_of(both) == pytest.approx(60, abs=1.5)


def test_a_chord_lies_among_its_notes(make_tones):
    assert 57 <= register_of(make_tones([57, 61, 64], 2.0)) <= 64


def test_silence_has_no_register():
    assert register_of(np.zeros(16_000, np.float32)) is None


@pytest.mark.parametrize("harmonics", [2, 4, 8, 12])
def test_how_many_harmonics_a_tone_has_does_not_move_it(make_tones, harmonics):
    assert register_of(make_tones([62], 2.0, harmonics=harmonics)) == pytest.approx(62, abs=0.35)


def test_a_louder_note_pulls_it_towards_itself(make_tones):
    low, high = make_tones([48], 4.0), make_tones([72], 4.0)
    assert register_of(np.concatenate([low, 0.1 * high])) < register_of(np.concatenate([low, high]))


def test_a_frame_without_partials_has_neither_pitch_nor_salience():
    found = register(partials(magnitudes(np.zeros(8_000, np.float32))))
    np.testing.assert_array_equal(found, np.zeros((8, 2)))


def test_the_cue_is_a_midi_pitch_that_people_read_as_a_note(record, make_tones):
    stretch = record(make_tones([57], 3.0)).stretch((0.5, 2.5))
    value = REGISTER.measure(stretch)
    assert value == pytest.approx(57, abs=0.35)
    assert REGISTER.say(value) == "around A3"


def test_the_cue_of_silence_is_none(record):
    assert REGISTER.measure(record(np.zeros(16_000, np.float32)).stretch((0.0, 1.0))) is None
