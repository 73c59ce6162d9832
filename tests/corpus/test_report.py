"""The report of a build, from literal songs."""

import json

from corpus_songs import GOOD, found_song

from moodprint.corpus.comparison import SongComparison
from moodprint.corpus.duplicate_groups import Evidence, Method
from moodprint.corpus.report import NAME, BuildReport, write_report


def test_it_says_what_was_found_joined_and_left_out(tmp_path):
    songs = [found_song("a", "sad"), found_song("b", "happy", start_s=13.5, end_s=20.0)]
    comparison = SongComparison(
        {"a": "a", "b": "a"}, frozenset("b"), frozenset("a"), {"a": GOOD, "b": GOOD}
    )
    evidence = [Evidence("b", "a", Method.CHROMA, 11.5, 1.0, 2.0, 30.0, 1.03, 0.5)]
    report = BuildReport(tmp_path, 3, 2, 4, (("bad.mp3", "bad.mp3: is no audio"),))
    write_report(report, songs, comparison, evidence)
    written = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    assert written["songs"][1] == {
        "song_id": "b",
        "source": "mix.wav",
        "emotion": "happy",
        "start_s": 13.5,
        "end_s": 20.0,
        "group": "a",
    }
    assert (written["recordings"], written["segments"]) == (3, 4)
    assert written["failures"] == [{"source": "bad.mp3", "error": "bad.mp3: is no audio"}]
    assert (written["groups"], written["conflicts"]) == ({"a": ["a", "b"]}, ["a"])
    assert written["agreement"] == {"chroma": 1}
    assert written["evidence"][0]["first_offset_s"] == 1.0


def test_a_group_of_one_is_not_listed(tmp_path):
    songs = [found_song("a")]
    comparison = SongComparison({"a": "a"}, frozenset("a"), frozenset(), {"a": GOOD})
    write_report(BuildReport(tmp_path, 1, 1, 1, ()), songs, comparison, [])
    written = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    assert (written["groups"], written["evidence"], written["failures"]) == ({}, [], [])
