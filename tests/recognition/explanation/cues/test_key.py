import numpy as np
import pytest

from moodprint.pitch import Key
from moodprint.recognition.explanation.cues.key import (
    KEY_CLARITY,
    MODE,
    STEPS,
    key,
    key_of,
    pitch_classes,
    tuning_steps,
)
from moodprint.recognition.explanation.cues.partials import partials
from moodprint.recognition.explanation.cues.spectra import magnitudes

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)


def classes_of(samples):
    return pitch_classes(partials(magnitudes(samples)))


def cadence(make_tones, tonic, minor):
    """I IV V I, or i iv V i, in close position around C4."""
    third = MINOR if minor else MAJOR
    chords = [(0, third), (5, third), (7, MAJOR), (0, third)]
    return np.concatenate(
        [make_tones([60 + tonic + root + step for step in kind], 0.5) for root, kind in chords]
    )


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize("tonic", range(12))
def test_a_cadence_is_heard_in_its_key(make_tones, tonic, minor):
    found = key(classes_of(cadence(make_tones, tonic, minor)))
    assert found.key == Key(tonic, minor)
    assert (found.majorness < 0) == minor
    assert found.clarity > 0.7


@pytest.mark.parametrize(("steps", "minor"), [(MAJOR, False), (MINOR, True)])
def test_a_triad_alone_has_its_mode(make_tones, steps, minor):
    assert key(classes_of(make_tones([62 + step for step in steps], 2.0))).key == Key(2, minor)


@pytest.mark.parametrize("cents", [-33, 33])
def test_a_recording_out_of_tune_is_heard_in_its_key(make_tones, cents):
    classes = classes_of(cadence(make_tones, 9 + cents / 100, True))
    tuning = tuning_steps(classes)
    assert tuning == np.sign(cents)
    assert key(classes, tuning).key == Key(9, minor=True)


def test_all_twelve_notes_at_once_have_no_clear_key(make_tones):
    cluster = key(classes_of(make_tones(range(60, 72), 2.0)))
    triad = key(classes_of(make_tones([60, 64, 67], 2.0)))
    assert cluster.clarity < 0.5 < triad.clarity


def test_silence_has_no_key():
    found = key(classes_of(np.zeros(16_000, np.float32)))
    assert (found.key, found.clarity, found.majorness) == (None, 0.0, 0.0)


def test_level_and_octave_do_not_matter(make_tones):
    chord = [57, 60, 64]
    low, high = make_tones(chord, 2.0), make_tones([p + 12 for p in chord], 2.0) * 0.05
    assert key(classes_of(low)).key == key(classes_of(high)).key == Key(9, minor=True)


def test_a_key_is_told_of_fifteen_seconds_around_a_stretch(record, make_tones):
    recording = record(
        np.concatenate([make_tones([57, 60, 64], 20.0), make_tones([60, 64, 67], 20.0)])
    )
    first, last = recording.stretch((8.0, 9.0)), recording.stretch((31.0, 32.0))
    assert (key_of(first).key, key_of(last).key) == (Key(9, minor=True), Key(0, minor=False))
    assert MODE.measure(first) < 0 < MODE.measure(last)
    assert 0 < KEY_CLARITY.measure(first) <= 1


def test_a_key_is_told_once_a_stretch(record, make_tones):
    stretch = record(make_tones([60, 64, 67], 2.0)).stretch((0.0, 2.0))
    assert key_of(stretch) is key_of(stretch)


def test_pitch_classes_are_thirds_of_a_semitone_from_c(make_tones):
    for midi, place in ((60, 0), (61, 3), (69, 27), (60 + 1 / 3, 1)):
        classes = classes_of(make_tones([midi], 1.0, harmonics=1))[4:12].sum(axis=0)
        assert classes.argmax() == place
    assert classes.shape == (STEPS,)
