import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.pitch import (
    ALBRECHT_SHANAHAN,
    KRUMHANSL_KESSLER,
    NOTE_NAMES,
    Key,
    KeyEstimate,
    away_from_classes,
    estimate_key,
    hz_to_midi,
    midi_to_hz,
    note_name,
)

PROFILES = {"ratings": KRUMHANSL_KESSLER, "shares": ALBRECHT_SHANAHAN}
EVERY_KEY = [Key(tonic, minor) for minor in (False, True) for tonic in range(12)]
profiles = pytest.mark.parametrize("profiles", PROFILES.values(), ids=PROFILES)


def test_concert_pitch_and_its_octaves():
    assert midi_to_hz(69) == 440
    assert midi_to_hz(60) == pytest.approx(261.6256, abs=1e-4)
    assert hz_to_midi(880.0) == 81
    assert hz_to_midi(27.5) == 21


@given(st.floats(-20, 140))
def test_frequencies_come_back_as_the_numbers_they_came_from(midi):
    assert hz_to_midi(midi_to_hz(midi)) == pytest.approx(midi, abs=1e-9)
    assert midi_to_hz(midi + 12) == pytest.approx(2 * midi_to_hz(midi))


def test_arrays_keep_their_shape_and_precision():
    hz = np.array([[440, 220], [110, 55]], np.float32)
    assert hz_to_midi(hz).dtype == np.float32
    assert hz_to_midi(hz).tolist() == [[69, 57], [45, 33]]
    np.testing.assert_allclose(midi_to_hz(np.array([69, 57])), [440, 220])


def test_librosa_names_and_tunes_notes_alike():
    librosa = pytest.importorskip("librosa")
    midi = np.arange(128)
    np.testing.assert_allclose(midi_to_hz(midi), librosa.midi_to_hz(midi))
    theirs = [librosa.midi_to_note(number, unicode=False) for number in midi]
    assert [note_name(number) for number in midi] == theirs


def test_notes_have_names_with_octaves():
    assert [note_name(number) for number in (0, 21, 60, 61, 69, 127)] == [
        *("C-1", "A0", "C4", "C#4", "A4", "G9")
    ]


def test_pitches_are_folded_to_the_nearest_note_of_each_class():
    away = away_from_classes(np.array([60.0, 69.25, 71.0]))
    assert away.shape == (3, 12)
    assert away[0].tolist() == [0, -1, -2, -3, -4, -5, -6, 5, 4, 3, 2, 1]
    assert away[1, 9] == 0.25
    assert away[2, 0] == -1


@given(st.floats(0, 127), st.integers(-3, 3))
def test_octaves_fold_onto_each_other(midi, octaves):
    here, there = away_from_classes(np.array([midi, midi + 12 * octaves]))
    apart = np.abs(here - there)
    np.testing.assert_allclose(np.minimum(apart, 12 - apart), 0, atol=1e-9)
    assert np.abs(here).min() <= 0.5


def test_keys_are_named_as_musicians_write_them():
    major = "C, D flat, D, E flat, E, F, F sharp, G, A flat, A, B flat, B"
    minor = "C, C sharp, D, E flat, E, F, F sharp, G, G sharp, A, B flat, B"
    names = [f"{name} major" for name in major.split(", ")]
    names += [f"{name} minor" for name in minor.split(", ")]
    assert [str(key) for key in EVERY_KEY] == names


def test_no_other_spelling_of_a_key_has_fewer_accidentals():
    sharps = {"C": 0, "D": 2, "E": 4, "F": -1, "G": 1, "A": 3, "B": 5}
    for key in EVERY_KEY:
        letter, *accidental, mode = str(key).split()
        steps = {"sharp": 7, "flat": -7}[accidental[0]] if accidental else 0
        assert abs(sharps[letter] + steps - (3 if mode == "minor" else 0)) <= 6


def test_scales_hold_what_makes_the_mode():
    assert sorted(Key(0, minor=False).scale) == [0, 2, 4, 5, 7, 9, 11]
    assert {3, 8, 10, 11} <= Key(0, minor=True).scale
    assert not {4, 9} & Key(0, minor=True).scale


@profiles
def test_profiles_are_rows_of_mean_0_and_length_1(profiles):
    assert profiles.rows.shape == (24, 12)
    np.testing.assert_allclose(profiles.rows.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(profiles.rows, axis=1), 1)


@profiles
def test_the_third_tells_the_mode_and_the_tonic_leads(profiles):
    assert profiles.major[4] > profiles.major[3]
    assert profiles.minor[3] > profiles.minor[4]
    assert max(profiles.major) == profiles.major[0]
    assert max(profiles.minor) == profiles.minor[0]


@profiles
@pytest.mark.parametrize("key", EVERY_KEY, ids=str)
def test_a_profile_has_its_own_key_with_certainty(profiles, key):
    own = profiles.minor if key.minor else profiles.major
    found = estimate_key(np.roll(own, key.tonic), profiles)
    assert found.key == key
    assert found.clarity == pytest.approx(1)
    assert (found.majorness < 0) == key.minor


@profiles
@pytest.mark.parametrize("key", EVERY_KEY, ids=str)
def test_a_cadence_has_its_key(profiles, key):
    third = 3 if key.minor else 4
    chords = [(0, third, 7), (5, 5 + third, 0), (7, 11, 2), (0, third, 7)]
    classes = np.bincount([(key.tonic + step) % 12 for chord in chords for step in chord])
    assert estimate_key(np.pad(classes, (0, 12 - len(classes))), profiles).key == key


@given(
    st.lists(st.floats(0, 10), min_size=12, max_size=12).filter(lambda each: np.std(each) > 0.1),
    st.integers(0, 11),
    st.floats(0.1, 100),
)
def test_a_transposed_distribution_of_any_scale_has_the_transposed_key(classes, shift, scale):
    here = estimate_key(classes, KRUMHANSL_KESSLER)
    there = estimate_key(scale * np.roll(classes, shift), KRUMHANSL_KESSLER)
    assert 0 <= here.clarity <= 1
    assert there.clarity == pytest.approx(here.clarity)
    assert there.majorness == pytest.approx(here.majorness, abs=1e-9)


@pytest.mark.parametrize("classes", [np.zeros(12), np.full(12, 0.3, np.float32)])
def test_where_no_note_stands_out_there_is_no_key(classes):
    assert estimate_key(classes, ALBRECHT_SHANAHAN) == KeyEstimate(None, 0.0, 0.0)


def test_there_is_a_name_for_each_pitch_class():
    assert len(set(NOTE_NAMES)) == 12


@pytest.mark.parametrize(
    ("key", "short", "camelot"),
    [
        (Key(9, minor=True), "A minor", "8A"),
        (Key(0, minor=False), "C major", "8B"),
        (Key(3, minor=True), "Eb minor", "2A"),
        (Key(6, minor=False), "F# major", "2B"),
        (Key(8, minor=True), "G# minor", "1A"),
        (Key(4, minor=False), "E major", "12B"),
    ],
)
def test_keys_are_written_as_djs_do(key, short, camelot):
    assert (key.short, key.camelot) == (short, camelot)


def test_relative_keys_share_a_number_and_fifths_are_neighbours():
    assert len({key.camelot for key in EVERY_KEY}) == 24
    for tonic in range(12):
        major, minor = Key(tonic, minor=False), Key((tonic + 9) % 12, minor=True)
        assert major.camelot[:-1] == minor.camelot[:-1]
        fifth = Key((tonic + 7) % 12, minor=False)
        assert int(fifth.camelot[:-1]) % 12 == (int(major.camelot[:-1]) + 1) % 12


@profiles
def test_the_margin_is_that_over_the_next_best_key(profiles):
    clear = estimate_key(profiles.major, profiles)
    assert 0 < clear.margin < 1
    mixed = np.add(profiles.major, np.roll(profiles.major, 1))
    assert estimate_key(mixed, profiles).margin < clear.margin
