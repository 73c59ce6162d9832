"""Tracks in words."""

from moodprint.prediction import Presence
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.reports.track_words import track_name, track_words, use_words

USES = (TrackUse("a.mp4", 0, 12.2), TrackUse("b.mp4", 61, 70), TrackUse("b.mp4", 80, 85))


def test_a_track_is_told_by_name_length_and_files():
    assert track_words(SharedTrack("track A", USES)) == "track A, 0:12 long, in 2 files"


def test_a_known_track_goes_by_its_file_name_and_other_sound_is_said():
    track = SharedTrack("songs/rain\n.flac", USES, known=True, presence=Presence.OTHER)
    assert track_name(track) == "rain .flac"
    assert track_words(track) == "rain .flac (other sound), 0:12 long, in 2 files"


def test_a_use_is_told_by_its_times():
    assert use_words(USES[1]) == "1:01-1:10"
