"""Pedals, the wheel, programs: what a key on a channel means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.generation.midi.channels import notes_of
from moodprint.generation.midi.smf import CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, WHEEL, Event


def on(tick, pitch=60, channel=0, velocity=90):
    return Event(tick, NOTE_ON, channel, bytes([pitch, velocity]))


def off(tick, pitch=60, channel=0):
    return Event(tick, NOTE_OFF, channel, bytes([pitch, 0]))


def control(tick, number, value, channel=0):
    return Event(tick, CONTROL, channel, bytes([number, value]))


def program(tick, number, channel=0):
    return Event(tick, PROGRAM, channel, bytes([number]))


def wheel(tick, value, channel=0):
    return Event(tick, WHEEL, channel, bytes([(value + 8192) & 127, (value + 8192) >> 7]))


def spans(*events, track=0):
    notes = notes_of((track, event) for event in events)
    return sorted((note.start, note.end, note.pitch_midi) for note in notes)


def test_a_note_lasts_as_its_key_is_down():
    assert spans(on(0), off(10)) == [(0, 10, 60)]
    assert spans(on(0), on(10, velocity=0)) == [(0, 10, 60)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([control(0, 64, 127), on(1), off(5), control(9, 64, 0)], [(1, 9, 60)]),
        ([control(0, 64, 64), on(1), off(5), control(9, 64, 63)], [(1, 9, 60)]),
        ([control(0, 64, 63), on(1), off(5), control(9, 64, 0)], [(1, 5, 60)]),
        ([on(0), control(2, 64, 127), off(5), control(9, 64, 0)], [(0, 9, 60)]),
        ([on(0), off(2), control(3, 64, 127), control(9, 64, 0)], [(0, 2, 60)]),
        ([control(0, 64, 127), on(1), control(3, 64, 0), off(7)], [(1, 7, 60)]),
        # struck again under the pedal: the one before ends there
        ([control(0, 64, 127), on(1), off(3), on(5), off(6), control(9, 64, 0)],
         [(1, 5, 60), (5, 9, 60)]),
        # a pedal that never comes up: to the last event
        ([control(0, 64, 127), on(1), off(3), on(20, 62), off(30, 62)],
         [(1, 30, 60), (20, 30, 62)]),
        # the pedal of one channel holds no key of another
        ([control(0, 64, 127, 1), on(1), off(3), control(9, 64, 0, 1)], [(1, 3, 60)]),
        ([control(0, 64, 127), on(1), off(3), control(7, 121, 0)], [(1, 7, 60)]),
    ],
)  # fmt: skip
def test_the_sustain_pedal_holds_what_keys_let_go(events, expected):
    assert spans(*events) == expected


def test_the_sostenuto_pedal_holds_what_was_down_when_it_went_down():
    events = [on(0), control(2, 66, 127), on(3, 64), off(4, 64), off(5), control(9, 66, 0)]
    assert spans(*events) == [(0, 9, 60), (3, 4, 64)]


def test_both_pedals_together():
    events = [
        on(0), control(1, 66, 127), control(2, 64, 127), off(3),
        control(5, 64, 0), control(9, 66, 0),
    ]  # fmt: skip
    assert spans(*events) == [(0, 9, 60)]


@pytest.mark.parametrize("number", [120, 123, 124, 127])
def test_all_notes_off(number):
    assert spans(on(0), on(0, 64), control(6, number, 0), off(9)) == [(0, 6, 60), (0, 6, 64)]


def test_all_notes_off_leaves_what_a_pedal_holds_and_all_sound_off_does_not():
    held = [control(0, 64, 127), on(1), control(4, 123, 0), control(9, 64, 0)]
    assert spans(*held) == [(1, 9, 60)]
    cut = [control(0, 64, 127), on(1), control(4, 120, 0), control(9, 64, 0)]
    assert spans(*cut) == [(1, 4, 60)]


def test_of_two_notes_of_one_pitch_the_first_ends_first():
    assert spans(on(0), on(4), off(6), off(9)) == [(0, 6, 60), (4, 9, 60)]


def test_keys_that_are_never_let_go_end_with_the_last_event():
    assert spans(on(0), on(4, 64), off(9, 64)) == [(0, 9, 60), (4, 9, 64)]


def test_a_key_let_go_that_was_not_down_is_nothing():
    assert spans(off(3), on(4), off(6)) == [(4, 6, 60)]


def _voices(*events):
    return [note.voice for note in notes_of((0, event) for event in events)]


def test_a_change_of_program_changes_who_plays_from_there_on():
    first, second = _voices(program(0, 5), on(0), program(2, 40), off(3), on(5), off(6))
    assert (first.program, second.program) == (5, 40)


@pytest.mark.parametrize(
    ("events", "drums"),
    [
        ([on(0, channel=9), off(1, channel=9)], True),
        ([on(0), off(1)], False),
        ([control(0, 0, 120), program(0, 0), on(0), off(1)], True),
        ([control(0, 0, 127), program(0, 0), on(0), off(1)], True),
        ([control(0, 0, 8), program(0, 0), on(0), off(1)], False),
    ],
)
def test_drums_are_a_channel_or_a_bank(events, drums):
    (voice,) = _voices(*events)
    assert voice.drums is drums


def _bends(*events):
    (note,) = notes_of((0, event) for event in events)
    return note.bends


def test_the_wheel_bends_by_two_semitones_unless_a_range_is_set():
    assert _bends(on(0), wheel(5, 4096), off(9)) == ((0, 0.0), (5, 1.0))
    twelve = [control(0, 101, 0), control(0, 100, 0), control(0, 6, 12)]
    assert _bends(*twelve, on(0), wheel(5, -8192), off(9))[-1] == (5, -12.0)
    fine = [*twelve, control(0, 38, 50)]
    assert _bends(*fine, on(0), wheel(5, -8192), off(9))[-1] == (5, -12.5)


def test_data_of_another_parameter_is_no_range():
    other = [control(0, 101, 0), control(0, 100, 1), control(0, 6, 12)]
    assert _bends(*other, on(0), wheel(5, -8192), off(9))[-1] == (5, -2.0)


def test_a_wheel_that_was_turned_before_the_note_bends_it_from_its_start():
    assert _bends(wheel(0, 4096), on(5), off(9)) == ((5, 1.0),)
    assert _bends(wheel(0, 4096), wheel(3, 0), on(5), off(9)) == ()
    assert _bends(wheel(0, 4096, 3), on(5), off(9)) == ()


events_of_one_channel = st.lists(
    st.one_of(
        st.builds(on, st.integers(0, 50), st.integers(58, 62), st.integers(0, 1)),
        st.builds(off, st.integers(0, 50), st.integers(58, 62), st.integers(0, 1)),
        st.builds(control, st.integers(0, 50), st.sampled_from([0, 6, 64, 66, 100, 120, 121, 123]),
                  st.integers(0, 127), st.integers(0, 1)),
        st.builds(wheel, st.integers(0, 50), st.integers(-8192, 8191), st.integers(0, 1)),
    ),
    max_size=40,
)  # fmt: skip


@given(events_of_one_channel)
def test_every_key_struck_is_one_note_and_none_ends_before_it_begins(events):
    events = sorted(events, key=lambda event: event.tick)
    notes = notes_of((0, event) for event in events)
    assert len(notes) == sum(event.kind == NOTE_ON for event in events)
    assert all(note.start <= note.end <= events[-1].tick for note in notes)
