"""Titles made alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.corpus.names import normal_title, same_names


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("03 - Dans Macabre (Official Video) [HD]", "dans macabre"),
        ("Café_del_Mar (2011 Remastered)", "cafe del mar"),
        ("Night Ride feat. Someone Else", "night ride"),
        ("NIGHT RIDE (Lyrics)", "night ride"),
        ("99 Luftballons", "99 luftballons"),
        ("Track 07", ""),
        ("untitled", ""),
        ("", ""),
    ],
)
def test_titles_are_taken_without_what_uploaders_add(title, expected):
    assert normal_title(title) == expected


@given(st.text(max_size=60))
def test_a_normal_title_is_normal(title):
    once = normal_title(title)
    assert once == once.lower().strip()
    assert "  " not in once


def test_artists_must_not_differ_where_both_are_known():
    titles = {
        "a": ("Battle", "One"),
        "b": ("battle (Extended)", ""),
        "c": ("01. Battle", "Two"),
        "d": ("Track 1", "One"),
        "e": ("Track 1", "One"),
    }
    assert list(same_names(titles)) == [("a", "b"), ("b", "c")]
