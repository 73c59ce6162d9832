"""The notes of a song, read in another process."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from midi_writer import midi_bytes
from two_tracks import two_tracks

from moodprint.errors import InputError, MissingFileError, NoAudioError, OptionError
from moodprint.generation.read_song import ReadSong, read_song


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.mid"
    path.write_bytes(midi_bytes([[(0, 1, 60, 90)], [(1, 2, 64, 90), (2, 3, 65, 90)]]))
    return path


def _pitches(song) -> list[int]:
    return [note.pitch_midi for note in song.score.notes]


def test_midi_is_read_whole_or_by_track(song) -> None:
    assert _pitches(read_song(song)) == [60, 64, 65]
    assert read_song(song).is_midi
    assert _pitches(ReadSong(2)(str(song))) == [64, 65]
    with pytest.raises(OptionError, match="no track 7; known"):
        read_song(song, 7)


def test_of_a_film_an_audio_track_is_transcribed(tmp_path) -> None:
    film = two_tracks(tmp_path / "two.mkv", durations_s=(2, 2))
    low, high = read_song(film, 1), read_song(film, 2)
    assert not low.is_midi
    assert np.mean(_pitches(low)) < 66 < np.mean(_pitches(high))
    assert (low.warnings, high.warnings) == ((), ())
    [warning] = read_song(film).warnings
    assert "audio track 1 (eng) of 2" in warning
    with pytest.raises(NoAudioError, match="no track 3"):
        read_song(film, 3)


def test_what_cannot_be_read_is_one_line(tmp_path) -> None:
    (tmp_path / "bad.mid").write_bytes(b"MThd" + b"\xff" * 40)
    (tmp_path / "bad.wav").write_bytes(b"RIFF" + b"\xff" * 40)
    for name, error in (("bad.mid", InputError), ("bad.wav", InputError), ("no", MissingFileError)):
        with pytest.raises(error, match=name):
            read_song(tmp_path / name)


def test_silence_has_no_notes(tmp_path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000), 16_000)
    assert _pitches(read_song(tmp_path / "silence.wav")) == []
