import pytest

from moodprint.errors import InputError
from moodprint.generation.midi.key import estimated_key, in_mode, snapped_to_key
from moodprint.generation.midi.score import Score, ScoreNote, Track
from moodprint.pitch import Key

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
A_MINOR = [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57, 69, 57]


def _score(pitches: list[int], drums: bool = False) -> Score:
    notes = [ScoreNote(k, k + 1.0, pitch, 90) for k, pitch in enumerate(pitches)]
    return Score((), (Track("", drums),)).with_notes(notes)


def _pitches(score: Score) -> list[int]:
    return [note.pitch_midi for note in score.notes]


@pytest.mark.parametrize("shift", range(12))
def test_the_key_of_a_tune_is_heard_wherever_it_stands(shift: int) -> None:
    assert estimated_key(_score([p + shift for p in C_MAJOR])) == Key(shift, minor=False)
    assert estimated_key(_score([p + shift for p in A_MINOR])) == Key((9 + shift) % 12, minor=True)


def test_a_key_has_a_name() -> None:
    assert str(Key(10, minor=True)) == "B flat minor"


def test_drums_have_no_key() -> None:
    with pytest.raises(InputError):
        estimated_key(_score(C_MAJOR, drums=True))


def test_wrong_notes_move_a_semitone_into_the_key_and_right_ones_stay() -> None:
    snapped = snapped_to_key(_score([60, 61, 63, 66, 68, 70, 71]), Key(0, minor=False))
    moved = _pitches(snapped)
    assert moved == [60, 60, 64, 67, 67, 69, 71]
    assert snapped_to_key(snapped, Key(0, minor=False)) == snapped


def test_a_tune_changes_its_mode_and_back() -> None:
    minor = in_mode(_score(C_MAJOR), Key(0, minor=False), minor=True)
    assert _pitches(minor)[:7] == [60, 62, 63, 65, 67, 68, 70]
    assert in_mode(minor, Key(0, minor=True), minor=False) == _score(C_MAJOR)
    assert in_mode(minor, Key(0, minor=True), minor=True) == minor


def test_drums_and_the_ends_of_the_keyboard_stay() -> None:
    drums = _score([61, 63], drums=True)
    assert snapped_to_key(drums, Key(0, minor=False)) == drums
    assert max(_pitches(in_mode(_score([127]), Key(4, minor=True), minor=False))) == 127
