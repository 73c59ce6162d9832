"""Matches as people read them."""

import io

from rich.console import Console

from moodprint.fingerprint import Match, QueryAnswer, SharedMusic
from moodprint.recognition.shared_tracks import SharedTrack, TrackUse
from moodprint.recognition.sharing import Sharing
from moodprint.reports.terminal.matches import matches_table, shared_music_table


def printed(table):
    text = io.StringIO()
    Console(file=text, width=120).print(table)
    return text.getvalue()


MATCH = Match("/known/rain.flac", 61.25, 2.0, 12.0, 1.0499, 0.0, 51.6)


def test_a_match_says_where_how_fast_and_how_sure():
    text = printed(matches_table([QueryAnswer("/videos/clip.mp4", (MATCH,))]))
    for words in ("clip.mp4", "at 0:02.0", "rain.flac", "at 1:01.3", "1.050", "52"):
        assert words in text
    assert "/videos" not in text


def test_a_query_without_a_match_has_a_dash_and_one_that_failed_no_row():
    answers = [QueryAnswer("quiet.wav"), QueryAnswer("bad.wav", error="bad.wav: is no audio")]
    table = matches_table(answers)
    assert table.row_count == 1
    assert "quiet.wav   -" in printed(table)


def test_a_row_for_each_match():
    assert matches_table([QueryAnswer("a", (MATCH, MATCH)), QueryAnswer("b")]).row_count == 3
    assert matches_table([]).row_count == 0


def test_shared_tracks_are_told_with_every_place_and_speech_is_counted():
    uses = (TrackUse("x/one.mp4", 0.0, 12.3), TrackUse("y/two.mp4", 3661.5, 3673))
    voice = SharedMusic("x/one.mp4", "y/two.mp4", 20.0, 0.0, 9.0, 1.0, 0.0, 88.8)
    sharing = Sharing((SharedTrack("track A", uses),), (), speech=(voice, voice))
    text = printed(shared_music_table(sharing))
    for words in ("track A, 0:12 long, in 2 files", "one.mp4", "0:12.3", "two.mp4", "1:01:01.5"):
        assert words in text
    assert "1 pair of files shares speech" in text
    assert "speech" not in printed(shared_music_table(Sharing((), ())))


def test_names_steer_neither_the_terminal_nor_its_markup():
    evil = "a\033[2J[bold red]\n\u202eb.mp3"
    shared = SharedTrack(evil, (TrackUse(evil, 0, 9), TrackUse("b", 0, 9)))
    for table in (
        matches_table([QueryAnswer(evil, (MATCH,))]),
        shared_music_table(Sharing((shared,), ())),
    ):
        text = printed(table)
        assert "[bold red]" in text
        assert not {"\033", "\u202e"} & set(text)
