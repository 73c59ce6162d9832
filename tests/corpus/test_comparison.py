"""Groups, the best copies and conflicts, from literal evidence."""

from dataclasses import replace

from corpus_songs import GOOD, description, found_song

from moodprint.corpus.comparison import compare
from moodprint.corpus.duplicate_groups import Evidence, Method

BETTER = replace(GOOD, bit_rate_bps=320_000)


def compared(songs, qualities, *pairs):
    evidence = [Evidence(*pair, Method.LANDMARKS, 30.0) for pair in pairs]
    descriptions = {
        song.id: description(quality=quality)
        for song, quality in zip(songs, qualities, strict=True)
    }
    return compare(songs, descriptions, evidence)


def test_of_each_group_the_best_copy_is_chosen():
    songs = [found_song(name) for name in "abcd"]
    found = compared(songs, [GOOD, BETTER, GOOD, GOOD], ("a", "b"), ("b", "c"))
    assert found.group_of == {"a": "a", "b": "a", "c": "a", "d": "d"}
    assert found.best == {"b", "d"}
    assert found.quality_of["b"] is BETTER


def test_of_equal_copies_the_one_with_the_largest_id_is_the_best():
    songs = [found_song(name) for name in "cab"]
    assert compared(songs, [GOOD] * 3, ("a", "b"), ("a", "c")).best == {"c"}


def test_a_group_under_two_emotions_is_a_conflict_and_one_without_is_none():
    songs = [
        found_song("a", "sad"),
        found_song("b", "happy"),
        found_song("c", "calm"),
        found_song("d", None),
    ]
    found = compared(songs, [GOOD] * 4, ("b", "a"), ("c", "d"))
    assert found.conflicting == {"a"}


def test_songs_alone_are_their_own_group_and_best():
    songs = [found_song(name) for name in "ab"]
    found = compared(songs, [GOOD] * 2)
    assert found.group_of == {"a": "a", "b": "b"}
    assert found.best == {"a", "b"}
    assert not found.conflicting


def test_nothing_is_compared_with_nothing():
    found = compare([], {}, [])
    assert (found.group_of, found.best, found.conflicting) == ({}, frozenset(), frozenset())
