"""Clips of a song: times that fill it as the rule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.silence import Span
from moodprint.corpus.clips import ClipRule, Remainder, cut_clips
from moodprint.errors import OptionError


def times(song, **rule):
    return [(clip.start_s, clip.end_s) for clip in cut_clips(Span(*song), ClipRule(**rule))]


def test_what_becomes_of_the_remainder():
    assert times((1, 13)) == [(1, 6), (6, 11)]
    assert times((1, 13), remainder=Remainder.KEEP) == [(1, 6), (6, 11), (11, 13)]
    assert times((1, 13), remainder=Remainder.OVERLAP) == [(1, 6), (6, 11), (8, 13)]
    assert times((0, 10), remainder=Remainder.KEEP) == [(0, 5), (5, 10)]


def test_clips_may_overlap():
    assert times((0, 10), hop_s=2.5) == [(0, 5), (2.5, 7.5), (5, 10)]


def test_a_song_shorter_than_a_clip_is_kept_whole():
    assert times((3, 5)) == [(3, 5)]
    assert times((3, 3)) == []


@given(
    st.floats(0, 100), st.floats(0.01, 400), st.floats(1, 20), st.sampled_from(Remainder)
)  # fmt: skip
def test_clips_lie_within_the_song_and_have_their_length(start_s, length_s, clip_s, remainder):
    song = Span(start_s, start_s + length_s)
    clips = cut_clips(song, ClipRule(clip_s, remainder=remainder))
    assert clips
    assert all(song.start_s <= clip.start_s < clip.end_s <= song.end_s for clip in clips)
    short = [clip for clip in clips if clip.duration_s < clip_s - 0.002]
    assert len(short) <= (remainder is Remainder.KEEP or len(clips) == 1)
    if remainder is not Remainder.DROP or len(clips) == 1:
        assert clips[-1].end_s >= song.end_s - clip_s


@given(st.floats(0.5, 60), st.floats(1, 20), st.floats(0.1, 40), st.sampled_from(Remainder))
def test_no_clip_runs_backwards_whatever_the_hop(length_s, clip_s, hop_s, remainder):
    clips = cut_clips(Span(0, length_s), ClipRule(clip_s, hop_s, remainder))
    assert all(0 <= clip.start_s < clip.end_s <= length_s for clip in clips)
    assert [clip.start_s for clip in clips] == sorted({clip.start_s for clip in clips})


def test_a_hop_past_the_end_leaves_no_remainder():
    assert times((0, 9), hop_s=10, remainder=Remainder.KEEP) == [(0, 5)]
    assert times((0, 12), hop_s=10, remainder=Remainder.KEEP) == [(0, 5), (10, 12)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"length_s": 0}, "a clip lasts 0.001 s or more, not 0 s"),
        ({"length_s": float("nan")}, "not nan s"),
        ({"hop_s": 0}, "the hop from clip to clip is 0.001 s or more, not 0 s"),
        ({"hop_s": -1}, "not -1 s"),
        ({"hop_s": 1e-9}, "not 1e-09 s"),
    ],
)
def test_rules_that_make_no_sense(rule, reason):
    with pytest.raises(OptionError, match=reason):
        ClipRule(**rule)


def test_a_remainder_is_known_by_its_name():
    assert [Remainder.named(name) for name in ("drop", "keep", "overlap")] == list(Remainder)
    with pytest.raises(OptionError, match="did you mean 'keep'"):
        Remainder.named("keap")
