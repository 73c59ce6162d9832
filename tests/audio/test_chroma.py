from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.chroma import Chroma
from moodprint.errors import OptionError

RATE = 16_000


def tone(midi: float, seconds: float = 1.0) -> np.ndarray:
    hz = 440 * 2 ** ((midi - 69) / 12)
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


@given(st.integers(48, 90))
def test_a_note_is_heard_in_its_pitch_class(midi):
    rows = Chroma().of(tone(midi))
    assert rows.shape == (2, 12)
    assert (rows.argmax(axis=1) == midi % 12).all()
    assert (np.sort(rows, axis=1)[:, -2] < 0.7 * rows.max(axis=1)).all()


def test_a_note_out_of_range_is_hardly_heard():
    assert Chroma().of(tone(24)).max() < 0.3 * Chroma().of(tone(60)).max()


def test_a_chord_is_heard_as_its_notes():
    chord = tone(60) + tone(64) + tone(67)
    assert set(np.argsort(Chroma().of(chord)[0])[-3:]) == {0, 4, 7}


def test_gain_scales_by_its_root_and_silence_is_nothing():
    chroma = Chroma()
    np.testing.assert_allclose(chroma.of(tone(60) / 4), chroma.of(tone(60)) / 2, rtol=1e-3)
    assert not chroma.of(np.zeros(RATE, np.float32)).any()


@pytest.mark.parametrize(("samples", "rows"), [(0, 0), (7_999, 0), (8_000, 1), (20_000, 2)])
def test_a_row_for_each_whole_hop(samples, rows):
    assert Chroma().of(np.zeros(samples, np.float32)).shape == (rows, 12)


@pytest.mark.parametrize("change", [{"hop": 0}, {"lowest_hz": 0.0}, {"highest_hz": 9_000.0}])
def test_impossible_parameters_are_refused(change):
    with pytest.raises(OptionError, match="a chromagram needs"):
        Chroma(**change)


@pytest.mark.parametrize("step", range(-5, 7))
def test_a_shift_of_key_turns_the_classes(step):
    here, there = (Chroma().of(tone(note) + tone(note + 4))[0] for note in (64, 64 + step))
    np.testing.assert_allclose(there, np.roll(here, step), atol=0.25 * here.max())


def test_a_quarter_tone_belongs_half_to_each_neighbour():
    row = Chroma().of(tone(60.5))[0]
    assert row[0] == pytest.approx(row[1], rel=0.15)
    assert min(row[:2]) > 3 * np.delete(row, [0, 1]).max()


def test_rows_are_of_their_own_samples_alone():
    first, second = tone(60, 0.5), tone(67, 0.5)
    rows = Chroma().of(np.concatenate([first, second]))
    np.testing.assert_allclose(rows[0], Chroma().of(first)[0], rtol=1e-5)
    np.testing.assert_allclose(rows[1], Chroma().of(second)[0], rtol=1e-5)


def test_parameters_come_back_from_a_card():
    chroma = Chroma(hop=4_000, lowest_hz=50.0)
    assert Chroma.from_dict(asdict(chroma)) == chroma
    assert chroma.of(tone(60)).shape == (4, 12)
