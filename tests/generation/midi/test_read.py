import random
from pathlib import Path

import pytest
from midi_writer import midi_bytes, midi_of

from moodprint.errors import EmptyFileError, InputError, MissingFileError
from moodprint.generation.midi.read import is_midi, read_midi


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return tmp_path / "song.mid"


def test_notes_come_in_seconds_with_their_track(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 100)], [(1, 3, 67, 64), (0.5, 1, 55, 30)]]))
    score = read_midi(song).score
    assert [(n.pitch_midi, n.velocity, n.track) for n in score.notes] == [
        (60, 100, 0), (55, 30, 1), (67, 64, 1),
    ]  # fmt: skip
    assert score.notes[2].start_s == pytest.approx(0.5, abs=1e-3)
    assert score.notes[2].end_s == pytest.approx(1.5, abs=1e-3)
    assert score.duration_s == pytest.approx(1.5, abs=1e-3)


def test_tempo_changes_are_applied(song: Path) -> None:
    tempos = [(0, 60), (2, 240), (4, 120)]
    song.write_bytes(midi_bytes([[(0, 2, 60, 90), (2, 4, 62, 90), (4, 5, 64, 90)]], tempos=tempos))
    starts = [note.start_s for note in read_midi(song).score.notes]
    assert starts == pytest.approx([0, 2, 2.5], abs=1e-3)
    assert read_midi(song).score.duration_s == pytest.approx(3.0, abs=1e-3)


def test_drums_are_told_from_melody(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 90)], [(0, 1, 36, 90)]], channels=[0, 9]))
    score = read_midi(song).score
    assert [note.pitch_midi for note in score.melodic] == [60]
    assert [note.pitch_midi for note in score.drums] == [36]


def test_a_note_of_hardly_any_length_is_heard(song: Path) -> None:
    song.write_bytes(midi_bytes([[(1, 1.004, 60, 90)]]))
    (note,) = read_midi(song).score.notes
    assert note.duration_s == pytest.approx(0.03, abs=1e-3)


def test_a_file_without_notes_is_an_empty_score(song: Path) -> None:
    song.write_bytes(midi_bytes([[]]))
    assert read_midi(song).score.notes == ()
    assert read_midi(song).score.duration_s == 0


def test_a_huge_file_is_read(song: Path) -> None:
    notes = [(k / 16, k / 16 + 0.05, 30 + k % 60, 80) for k in range(60_000)]
    song.write_bytes(midi_bytes([notes]))
    score = read_midi(song).score
    assert len(score.notes) == 60_000
    assert score.duration_s == pytest.approx(60_000 / 32, abs=0.1)


@pytest.mark.parametrize("keep", [13, 20, 38])
def test_a_file_of_which_no_note_is_left_is_refused(song: Path, keep: int) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 100), (1, 2, 62, 100)]])[:keep])
    with pytest.raises(InputError, match="damaged"):
        read_midi(song)


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(song: Path) -> None:
    song.write_bytes(midi_bytes([[(0, 1, 60, 100), (1, 2, 62, 100)]])[:-8])
    read = read_midi(song)
    assert [note.pitch_midi for note in read.score.notes] == [60, 62]
    assert "cut off" in read.warnings[0]


def test_notes_are_those_of_another_reader(song: Path) -> None:
    symusic = pytest.importorskip("symusic", reason="the other reader is not installed")
    rng = random.Random(3)
    tracks = [
        [(at := k / 4 + rng.random() / 8, at + rng.random() + 0.1, rng.randrange(30, 90), 80)
         for k in range(200)] for _ in range(4)
    ]  # fmt: skip
    tempos = [(0, 90), (10, 140.0), (30.5, 61)]
    data = midi_bytes(tracks, tempos=tempos, channels=[0, 3, 9, 5])
    song.write_bytes(data)
    ours = sorted((n.pitch_midi, round(n.start_s, 3)) for n in read_midi(song).score.notes)
    other = symusic.Score.from_midi(data, ttype="second")
    theirs = sorted((n.pitch, round(n.time, 3)) for track in other.tracks for n in track.notes)
    assert len(ours) == 800
    assert [pitch for pitch, _ in ours] == [pitch for pitch, _ in theirs]
    assert [s for _, s in ours] == pytest.approx([s for _, s in theirs], abs=2e-3)


def test_keys_held_by_a_pedal_sound_on(song: Path) -> None:
    events = [
        (0, b"\xb0\x40\x7f"),
        (0, b"\x90\x3c\x5a"),
        (240, b"\x80\x3c\x00"),
        (960, b"\xb0\x40\x00"),
    ]
    song.write_bytes(midi_of(events))
    (note,) = read_midi(song).score.notes
    assert (note.start_s, note.end_s) == pytest.approx((0.0, 1.0))


def test_the_pitch_wheel_bends_evenly_in_time(song: Path) -> None:
    events = [(0, b"\x90\x3c\x5a"), (480, b"\xe0\x00\x60"), (960, b"\x80\x3c\x00")]
    song.write_bytes(midi_of(events))
    (note,) = read_midi(song).score.notes
    assert len(note.bends) == 50
    assert set(note.bends[:25]) == {0.0}
    assert set(note.bends[25:]) == {1.0}


def test_each_program_and_channel_is_a_track_of_its_own(song: Path) -> None:
    events = [(0, b"\xc0\x05"), (0, b"\x90\x3c\x5a"), (240, b"\x80\x3c\x00"), (300, b"\xc0\x28"),
              (300, b"\x90\x3e\x5a"), (400, b"\x80\x3e\x00")]  # fmt: skip
    song.write_bytes(midi_of(events, [(0, b"\x99\x24\x5a"), (90, b"\x89\x24\x00")]))
    score = read_midi(song).score
    assert [note.track for note in score.notes] == [2, 0, 1]
    assert [track.drums for track in score.tracks] == [False, False, True]


def test_tracks_of_format_2_follow_each_other(song: Path) -> None:
    one = [(0, b"\x90\x3c\x5a"), (480, b"\x80\x3c\x00")]
    song.write_bytes(midi_of(one, one, format=2))
    assert [note.start_s for note in read_midi(song).score.notes] == pytest.approx([0, 0.5])


def test_smpte_timing(song: Path) -> None:
    events = [(0, b"\x90\x3c\x5a"), (1500, b"\x80\x3c\x00")]
    song.write_bytes(midi_of(events, division=0xE728))
    assert read_midi(song).score.duration_s == pytest.approx(1.5)


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
