import logging
from pathlib import Path

import numpy as np
import pytest
import soundfile
from midi_writer import midi_bytes
from tone_generator import ToneGenerator

from moodprint.emotion import Emotion
from moodprint.errors import InputError, OptionError
from moodprint.generation.midi.quantise import quantised
from moodprint.generation.midi.tempo import estimated_tempo_bpm
from moodprint.generation.performance import NotesSettings, generate_notes, score_of

SCALE = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    tune = [(k, k + 1, pitch, 90) for k, pitch in enumerate([*SCALE, 61])]
    bass = [(0, 12, 36, 80)]
    path = tmp_path / "song.mid"
    path.write_bytes(midi_bytes([tune, bass], tempos=[(0, 120)]))
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """C major, with one wrong note."""
    rate_hz, pieces = 22_050, []
    for pitch in [*SCALE, 61, 60]:
        time_s = np.arange(rate_hz // 2) / rate_hz
        frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
        tone = sum(np.sin(2 * np.pi * frequency_hz * h * time_s) / h**1.5 for h in range(1, 8))
        pieces.append(0.2 * tone * np.exp(-4 * time_s))
    soundfile.write(tmp_path / "song.flac", np.concatenate(pieces), rate_hz)
    return tmp_path / "song.flac"


def test_a_midi_file_is_played_whole(song: Path) -> None:
    clip = generate_notes(song, ToneGenerator(), NotesSettings())
    assert clip.duration_s == pytest.approx(6.3, abs=0.05)


def test_one_track_may_be_played_alone(song: Path) -> None:
    generator = ToneGenerator()
    generate_notes(song, generator, NotesSettings(track=2))
    assert {pitch for _, pitch in generator.asked} == {36}
    with pytest.raises(OptionError, match="no track 3"):
        generate_notes(song, generator, NotesSettings(track=3))


def test_midi_is_taken_at_its_word_and_snapped_only_where_asked(song: Path) -> None:
    assert 61 in {note.pitch_midi for note in score_of(song, NotesSettings()).notes}
    assert 61 not in {note.pitch_midi for note in score_of(song, NotesSettings(snap=True)).notes}


def test_notes_heard_in_audio_are_brought_into_the_songs_key(
    recording: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        snapped = score_of(recording, NotesSettings())
    assert "C major" in caplog.text
    assert not {note.pitch_midi % 12 for note in snapped.notes} & {1, 3, 6, 8, 10}
    assert len(snapped.notes) >= len(SCALE)
    heard = score_of(recording, NotesSettings(snap=False))
    assert 61 in {note.pitch_midi for note in heard.notes}


def test_bends_are_kept_of_what_is_transcribed_where_asked(recording: Path, song: Path) -> None:
    assert not any(note.bends for note in score_of(recording, NotesSettings()).notes)
    kept = score_of(recording, NotesSettings(keep_bends=True, quantise=120, emotion=Emotion.SAD))
    assert all(note.bends for note in kept.notes)
    assert score_of(song, NotesSettings(keep_bends=True)) == score_of(song, NotesSettings())


def test_an_emotion_shapes_what_is_played(song: Path) -> None:
    sad = generate_notes(song, ToneGenerator(), NotesSettings(emotion=Emotion.SAD))
    assert sad.duration_s == pytest.approx(6 / 0.7 * 1.1 + 0.3, abs=0.05)


def test_quantised_notes_stand_on_the_sixteenths(song: Path) -> None:
    score = score_of(song, NotesSettings(quantise=120))
    starts = np.array([note.start_s for note in score.notes]) / 0.125
    np.testing.assert_allclose(starts, starts.round(), atol=0.02)


def test_the_tempo_to_quantise_by_may_be_that_of_the_notes(song: Path) -> None:
    plain, auto = (score_of(song, NotesSettings(quantise=q)) for q in (None, "auto"))
    assert auto == quantised(plain, estimated_tempo_bpm(plain))


def test_a_song_without_notes_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.mid").write_bytes(midi_bytes([[]]))
    with pytest.raises(InputError, match=r"empty\.mid: there is no note"):
        generate_notes(tmp_path / "empty.mid", ToneGenerator())
