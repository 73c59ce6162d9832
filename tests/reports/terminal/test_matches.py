"""Matches as people read them."""

import io

from rich.console import Console

from moodprint.fingerprint import Match, QueryAnswer, SharedMusic
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


def test_shared_music_names_both_files():
    pair = SharedMusic("x/one.mp3", "y/two.mp3", 0.0, 3661.5, 12.34, 0.97, -0.5, 88.8)
    text = printed(shared_music_table([pair]))
    for words in ("one.mp3", "two.mp3", "at 1:01:01.5", "12.3", "0.970", "-0.50", "89"):
        assert words in text


def test_names_steer_neither_the_terminal_nor_its_markup():
    evil = "a\033[2J[bold red]\n\u202eb.mp3"
    for table in (
        matches_table([QueryAnswer(evil, (MATCH,))]),
        shared_music_table([SharedMusic(evil, "b", 0, 0, 9, 1, 0, 50)]),
    ):
        text = printed(table)
        assert "[bold red]" in text
        assert not {"\033", "\u202e"} & set(text)
