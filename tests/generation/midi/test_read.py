from pathlib import Path

import pytest
from midi_writer import midi_bytes

from moodprint.errors import EmptyFileError, InputError, MissingFileError
from moodprint.generation.midi.read import is_midi, read_midi

pytest.importorskip("symusic", reason="reading MIDI needs symusic")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return tmp_path / "song.mid"


def test_notes_come_in_seconds_with_their_track(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 100)], [(1, 3, 67, 64), (0.5, 1, 55, 30)]]))
    score = read_midi(song)
    assert [(n.pitch_midi, n.velocity, n.track) for n in score.notes] == [
        (60, 100, 0), (55, 30, 1), (67, 64, 1),
    ]  # fmt: skip
    assert score.notes[2].start_s == pytest.approx(0.5, abs=1e-3)
    assert score.notes[2].end_s == pytest.approx(1.5, abs=1e-3)
    assert score.duration_s == pytest.approx(1.5, abs=1e-3)


def test_tempo_changes_are_applied(song: Path) -> None:
    tempos = [(0, 60), (2, 240), (4, 120)]
    song.write_bytes(midi_bytes([[(0, 2, 60, 90), (2, 4, 62, 90), (4, 5, 64, 90)]], tempos=tempos))
    starts = [note.start_s for note in read_midi(song).notes]
    assert starts == pytest.approx([0, 2, 2.5], abs=1e-3)
    assert read_midi(song).duration_s == pytest.approx(3.0, abs=1e-3)


def test_drums_are_told_from_melody(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 90)], [(0, 1, 36, 90)]], channels=[0, 9]))
    score = read_midi(song)
    assert [note.pitch_midi for note in score.melodic] == [60]
    assert [note.pitch_midi for note in score.drums] == [36]


def test_a_note_of_hardly_any_length_is_heard(song: Path) -> None:
    song.write_bytes(midi_bytes([[(1, 1.004, 60, 90)]]))
    (note,) = read_midi(song).notes
    assert note.duration_s == pytest.approx(0.03, abs=1e-3)


def test_a_file_without_notes_is_an_empty_score(song: Path) -> None:
    song.write_bytes(midi_bytes([[]]))
    assert read_midi(song).notes == ()
    assert read_midi(song).duration_s == 0


def test_a_huge_file_is_read(song: Path) -> None:
    notes = [(k / 16, k / 16 + 0.05, 30 + k % 60, 80) for k in range(60_000)]
    song.write_bytes(midi_bytes([notes]))
    score = read_midi(song)
    assert len(score.notes) == 60_000
    assert score.duration_s == pytest.approx(60_000 / 32, abs=0.1)


@pytest.mark.parametrize("keep", [20, 45, -3])
def test_a_damaged_file_is_refused(song: Path, keep: int) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 100), (1, 2, 62, 100)]])[:keep])
    with pytest.raises(InputError, match="damaged"):
        read_midi(song)


def test_what_is_no_midi_file_is_refused(song: Path) -> None:
    with pytest.raises(MissingFileError):
        read_midi(song)
    song.write_bytes(b"")
    with pytest.raises(EmptyFileError):
        read_midi(song)
    song.write_bytes(b"ID3 and so on, for a while")
    with pytest.raises(InputError, match="no MIDI"):
        read_midi(song)


def test_more_than_a_day_is_refused(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 90), (90_000, 90_001, 60, 90)]], tempos=[(0, 30)]))
    with pytest.raises(InputError, match="day"):
        read_midi(song)


def test_midi_is_known_by_name_or_first_bytes(song: Path, tmp_path: Path) -> None:
    assert is_midi("x.MID")
    assert not is_midi("x.mp3")
    (tmp_path / "x").write_bytes(b"MThd....")
    assert is_midi(tmp_path / "x")
