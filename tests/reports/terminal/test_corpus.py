"""Songs and corpora as people read them."""

import io

from rich.console import Console

from moodprint.audio.silence import Span
from moodprint.corpus.find_songs import Song
from moodprint.corpus.info import Conflict, CorpusInfo, EmotionShare
from moodprint.reports.terminal.corpus import show_corpus, show_songs

INFO = CorpusInfo(
    emotions=(EmotionShare("", 0.1, 1, 2), EmotionShare("calm", 1.5, 20, 300)),
    hours=1.6,
    sources=7,
    songs=21,
    clips=302,
    kept_clips=300,
    duplicate_groups=2,
    duplicates=3,
    synthetic_clips=4,
    checks={"clipped": 5, "short": 6},
    conflicts=(Conflict("g", ("calm", "sad"), ("calm: a\033[2J.wav at 0.0 s", "sad: b at 1 s")),),
)


def printed(show, *what):
    text = io.StringIO()
    show(*what, Console(file=text, width=100))
    return text.getvalue()


def test_songs_have_times_and_titles_where_there_are_any():
    songs = [Song(Span(0.0, 61.5)), Song(Span(3600.25, 3725.0))]
    text = printed(show_songs, songs)
    for words in ("0:00.000", "1:01.500", "1:00:00.250", "1:02:05.000", "2:04.750"):
        assert words in text
    assert "title" not in text
    assert "Rain [live]" in printed(show_songs, [*songs, Song(Span(0, 1), "Rain [live]\033[2J")])


def test_no_songs_are_a_table_without_rows():
    assert "song" in printed(show_songs, [])


def test_a_corpus_is_told_in_numbers():
    text = printed(show_corpus, INFO)
    rows = [line.split() for line in text.splitlines()]
    assert ["│", "-", "│", "0.10", "│", "1", "│", "2", "│"] in rows
    assert ["│", "calm", "│", "1.50", "│", "20", "│", "300", "│"] in rows
    assert ["│", "all", "│", "1.60", "│", "21", "│", "302", "│"] in rows
    assert "7 sources; 3 duplicates in 2 groups; 300 clips kept; 4 synthetic" in text
    assert "clips noticed: clipped 5, short 6" in text
    assert "the same song as calm and sad:\n  calm: a" in text


def test_names_do_not_steer_the_terminal():
    assert "\033" not in printed(show_corpus, INFO)
    assert "\033" not in printed(show_songs, [Song(Span(0, 1), "\033[2J")])
