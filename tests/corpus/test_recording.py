"""What a folder says of its recordings by names alone."""

import pytest

from moodprint.audio.media import Chapter
from moodprint.corpus.collected import CollectedFile, append_collected
from moodprint.corpus.recording import find_recordings
from moodprint.errors import MissingFileError, NoMediaFoundError


def touch(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("happy/a.mp3", "happy"),
        ("HAPPY/a.mp3", "happy"),
        ("sad/happy/a.mp3", "happy"),
        ("sad/by someone/1999/a.mp3", "sad"),
        ("music/a.mp3", None),
        ("happy.mp3", None),
        ("unhappy/a.mp3", None),
    ],
)
def test_the_nearest_folder_that_is_called_by_an_emotion_names_it(tmp_path, name, emotion):
    (found,) = find_recordings(touch(tmp_path, name))
    assert (found.name, found.emotion, found.path) == (name, emotion, tmp_path / name)


def test_what_lies_under_synthetic_was_made_by_a_model(tmp_path):
    touch(tmp_path, "calm/synthetic/a.wav", "calm/b.wav")
    made = {each.name: each.synthetic for each in find_recordings(tmp_path)}
    assert made == {"calm/synthetic/a.wav": True, "calm/b.wav": False}


def test_what_was_collected_goes_before_what_folders_say(tmp_path):
    touch(tmp_path, "sad/a.mp3", "sad/b.mp3", "sad/c.mp3")
    marks = (Chapter(0.0, 60.0, "one"),)
    details = {"title": "A", "licence": "CC0"}
    append_collected(tmp_path, CollectedFile("sad/a.mp3", "k", "calm", True, details, marks))
    append_collected(tmp_path, CollectedFile("sad/b.mp3", "l"))
    noted, unnamed, bare = find_recordings(tmp_path)
    assert (noted.emotion, noted.synthetic, noted.details) == ("calm", True, details)
    assert noted.chapters == marks
    assert unnamed.emotion == bare.emotion == "sad"
    assert not bare.details


def test_recordings_come_by_path_without_what_is_left_out_or_no_media(tmp_path):
    touch(tmp_path, "b.mp3", "a/x.ogg", "audio/clip.flac", "notes.txt", ".hidden.mp3")
    names = [each.name for each in find_recordings(tmp_path, leave_out=tmp_path / "audio")]
    assert names == ["a/x.ogg", "b.mp3"]


def test_folders_without_music_are_refused(tmp_path):
    with pytest.raises(MissingFileError, match="is no folder"):
        find_recordings(touch(tmp_path, "a.mp3") / "a.mp3")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoMediaFoundError, match="no audio or video"):
        find_recordings(tmp_path / "empty")
