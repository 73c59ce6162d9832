"""Steps of a build: found once, believed from the cache after, anew when anything changed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from moodprint.audio.media import Chapter
from moodprint.corpus import steps
from moodprint.corpus.find_songs import SongRule
from moodprint.corpus.recording import Recording
from moodprint.corpus.step_cache import hash_of
from moodprint.corpus.steps import DescribeSong, FindSongs
from moodprint.errors import InputError, NotMediaError


@pytest.fixture
def recording(recordings, tmp_path):
    path = tmp_path / "mix.flac"
    shutil.copy(recordings / "happy" / "mix.flac", path)
    return Recording(path, "happy/mix.flac", "happy")


@pytest.fixture
def find(tmp_path):
    return FindSongs(tmp_path / "cache", SongRule(), 40.0)


def spans(songs):
    return [(round(song.span.start_s, 1), round(song.span.end_s, 1)) for song in songs]


def test_songs_have_times_a_name_and_the_hash_of_their_file(find, recording):
    first, second = songs = find(recording)
    assert spans(songs) == [(0.0, 12.0), (13.3, 25.3)]
    assert first.source_hash == second.source_hash == hash_of(recording.path)
    assert len({song.id for song in songs}) == 2
    assert all(len(song.id) == 16 and song.recording is recording for song in songs)


def test_what_was_found_is_believed_until_the_file_or_the_rule_changes(
    find, recording, monkeypatch
):
    songs = find(recording)

    def again(*arguments):
        raise AssertionError("measured again")

    monkeypatch.setattr(steps, "measure_file", again)
    assert find(recording) == songs
    for other in (replace(find, rule=SongRule(min_pause_s=2.0)), replace(find, trim_db=30.0)):
        with pytest.raises(AssertionError, match="measured again"):
            other(recording)
    with recording.path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(AssertionError, match="measured again"):
        find(recording)


def test_an_id_stays_while_the_file_its_name_and_its_times_do(find, recording):
    ids = {song.id for song in find(recording)}
    assert {song.id for song in find(replace(recording, emotion="sad"))} == ids
    assert not {song.id for song in find(replace(recording, name="sad/mix.flac"))} & ids


def test_chapter_marks_of_the_list_name_the_songs(find, recording):
    marks = (Chapter(0.0, 12.6, "One"), Chapter(12.6, 25.3, "Two"))
    songs = find(replace(recording, chapters=marks, details={"artist": "A", "title": "Mix"}))
    assert [song.details["title"] for song in songs] == ["One", "Two"]
    assert [song.details["artist"] for song in songs] == ["A", "A"]


def test_a_file_of_one_song_lends_it_its_title(find, recordings):
    path = recordings / "sad" / "Rain (Official Video).wav"
    (song,) = find(Recording(path, "sad/rain.wav", "sad"))
    assert song.details["title"] == "Rain (Official Video)"
    (titled,) = find(Recording(path, "sad/rain.wav", "sad", details={"title": "Rain"}))
    assert titled.details["title"] == "Rain"


def test_songs_of_a_compilation_do_not_take_its_title(find, recording):
    songs = find(replace(recording, details={"title": "The Mix", "licence": "CC0"}))
    assert [song.details["title"] for song in songs] == ["", ""]
    assert [song.details["licence"] for song in songs] == ["CC0", "CC0"]


def test_a_song_is_described_once(find, recording, tmp_path, monkeypatch):
    song = find(recording)[0]
    described = DescribeSong(tmp_path / "cache")(song)
    assert described.landmarks.duration_s == pytest.approx(song.span.duration_s, abs=0.01)
    monkeypatch.setattr(steps, "describe", None)
    again = DescribeSong(tmp_path / "cache")(song)
    assert again.quality == described.quality
    np.testing.assert_array_equal(again.chroma, described.chroma)


def test_what_is_no_recording_is_refused_at_once(find, recordings, tmp_path):
    with pytest.raises(NotMediaError):
        find(Recording(recordings / "sad" / "broken.mp3", "broken.mp3"))
    import os

    os.mkfifo(tmp_path / "pipe.mp3")
    with pytest.raises(InputError, match="is a pipe"):
        find(Recording(tmp_path / "pipe.mp3", "pipe.mp3"))
