"""Rows of songs and clips whose facts are all literal."""

from dataclasses import replace
from pathlib import Path

import pytest
from corpus_songs import GOOD, found_song

from moodprint.audio.silence import Span
from moodprint.corpus.comparison import SongComparison
from moodprint.corpus.manifest_rows import rows_of

CORPUS = Path("/corpus")


def rows(song, *spans, quality=GOOD, best=True, conflicting=False, keep_best=False, length_s=5.0):
    comparison = SongComparison(
        group_of={song.id: "group"},
        best=frozenset([song.id] if best else []),
        conflicting=frozenset(["group"] if conflicting else []),
        quality_of={song.id: quality},
    )
    spans = spans or (Span(0.0, 5.0),)
    return rows_of([song], {song.id: spans}, comparison, length_s, CORPUS, keep_best)


def test_a_row_holds_what_is_known_of_its_clip():
    details = {"title": "Rain", "artist": "A", "licence": "CC0", "other": "left out"}
    (row,) = rows(found_song("s1", "sad", details=details), Span(1.2344, 6.2344))
    assert (row.id, row.song_id, row.group) == ("s1-00001234", "s1", "group")
    assert (row.start_s, row.end_s, row.emotion) == (1.234, 6.234, "sad")
    assert row.hash == row.source_hash == "hash of /music/mix.wav"
    assert (row.title, row.artist, row.licence, row.uploader, row.url) == (
        "Rain", "A", "CC0", None, None,
    )  # fmt: skip
    assert (row.file, row.checks, row.keep, row.synthetic) == (None, (), True, False)


@pytest.mark.parametrize(
    ("facts", "check"),
    [
        ({"quality": replace(GOOD, clipped=0.002)}, "clipped"),
        ({"quality": replace(GOOD, bandwidth_hz=4000.0)}, "narrow"),
        ({"best": False}, "duplicate"),
        ({"conflicting": True}, "conflict"),
    ],
)
def test_what_is_noticed_is_checked(facts, check):
    (row,) = rows(found_song("s"), **facts)
    assert row.checks == (check,)


def test_checks_come_in_order_and_a_short_clip_is_one():
    whole, short = rows(
        found_song("s"),
        Span(0, 5),
        Span(5, 7),
        quality=replace(GOOD, clipped=0.5, bandwidth_hz=100.0),
    )
    assert whole.checks == ("clipped", "narrow")
    assert short.checks == ("clipped", "narrow", "short")
    (rounded,) = rows(found_song("s"), Span(0.0, 4.999))
    assert rounded.checks == ()


def test_only_the_best_copy_is_kept_where_that_is_asked():
    song = found_song("s")
    kept = [
        rows(song, best=best, keep_best=keep_best)[0].keep
        for best in (True, False)
        for keep_best in (True, False)
    ]
    assert kept == [True, True, False, True]


def test_a_source_within_the_corpus_is_named_from_there(tmp_path):
    comparison = SongComparison({"s": "s"}, frozenset("s"), frozenset(), {"s": GOOD})
    inside = found_song("s", path=str(tmp_path / "sources" / "a b.wav"))
    (row,) = rows_of([inside], {"s": [Span(0, 5)]}, comparison, 5.0, tmp_path, False)
    assert row.source == "sources/a b.wav"
    (row,) = rows(found_song("s", path="/music/mix.wav"))
    assert row.source == "/music/mix.wav"


def test_what_a_model_made_is_marked():
    (row,) = rows(found_song("s", synthetic=True))
    assert row.synthetic
