from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.prediction import NO_MUSIC, Presence, Timeline
from moodprint.reports.timeline_text import (
    clock,
    one_line,
    prediction_words,
    presence_shares,
    segment_words,
    signed,
    stamp,
    tick_step_s,
    timeline_words,
)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0:00"),
        (6.6, "0:07"),
        (59.9, "1:00"),
        (275, "4:35"),
        (3599.9, "1:00:00"),
        (3729, "1:02:09"),
    ],
)
def test_clock(seconds, told):
    assert clock(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "decimals", "shown"),
    [
        (0, 1, "0:00.0"),
        (62.25, 1, "1:02.3"),
        (59.96, 1, "1:00.0"),
        (61.0625, 3, "1:01.063"),
        (3599.9996, 3, "1:00:00.000"),
    ],
)
def test_clock_with_decimals(seconds, decimals, shown):
    assert clock(seconds, decimals) == shown


@given(st.floats(0, 200_000), st.integers(1, 12))
def test_marks_of_an_axis_are_few_but_not_fewer_than_they_must(duration_s, most):
    step_s = tick_step_s(duration_s, most)
    assert duration_s / step_s <= most
    assert step_s == 1 or duration_s / step_s > most / 10


def test_marks_of_an_axis_stand_at_round_times():
    assert [tick_step_s(length_s, 8) for length_s in (0, 8, 9, 60, 200, 3600, 28_800)] == [
        *(1, 1, 2, 10, 30, 600, 3600)
    ]
    assert tick_step_s(10**6, 8) == 360_000


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "00:00:00.000"),
        (59.9996, "00:01:00.000"),
        (3725.25, "01:02:05.250"),
        (400_000, "111:06:40.000"),
    ],
)
def test_stamp(seconds, told):
    assert stamp(seconds, ".") == told


@given(st.text())
def test_one_line_has_no_control_and_encodes(text):
    line = one_line(text)
    line.encode("utf-8")
    assert len(line.splitlines()) <= 1
    assert "\0" not in line


@pytest.mark.parametrize(
    ("value", "told"), [(0.516, "+0.52"), (-0.1, "-0.10"), (-0.004, "+0.00"), (0.0, "+0.00")]
)
def test_signed(value, told):
    assert signed(value) == told


def test_answers_in_words(make_answer, timeline):
    assert prediction_words(make_answer(Emotion.CALM, 0.714)) == "calm (0.71)"
    assert (
        prediction_words(make_answer(Emotion.SAD, 0.3, abstained=True))
        == "unsure, sad at most (0.30)"
    )
    assert prediction_words(NO_MUSIC, Presence.SPEECH) == "no music (speech)"
    assert segment_words(timeline.segments[-1]) == "happy (0.70) - A & B <Theme> --> C"


def _timeline(overall, *segments):
    return Timeline("x.mp3", 120.0, overall, segments, "ear 1")


def test_a_song_of_one_emotion_needs_no_times(make_answer, make_music):
    song = _timeline(make_answer(Emotion.CALM), make_music(0, 60, Emotion.CALM))
    assert timeline_words(song) == "calm (0.70)"


def test_changes_are_told_with_their_times(make_answer, make_music):
    song = _timeline(
        make_answer(Emotion.CALM),
        make_music(0, 65, Emotion.CALM),
        make_music(65, 67, Emotion.SAD),
        make_music(67, 90, Emotion.FEAR),
    )
    assert timeline_words(song) == "mostly calm (0.70): from 1:07 fear"


def test_a_beginning_unlike_the_whole_is_told_first(make_answer, make_music):
    song = _timeline(
        make_answer(Emotion.CALM), make_music(0, 10, Emotion.SAD), make_music(10, 90, Emotion.CALM)
    )
    assert timeline_words(song) == "mostly calm (0.70): sad first, from 0:10 calm"


def test_many_changes_are_counted_not_listed(make_answer, make_music):
    turns = [Emotion.CALM, Emotion.HAPPY] * 4
    parts = [make_music(10 * n, 10 * n + 10, emotion) for n, emotion in enumerate(turns)]
    told = timeline_words(_timeline(make_answer(Emotion.CALM), *parts))
    assert told.endswith("from 0:40 calm, and 3 more changes")


def test_no_music_says_why(speech_timeline):
    assert timeline_words(speech_timeline) == "no music was heard"


def test_shares_of_presence(timeline, speech_timeline):
    shares = presence_shares(timeline)
    assert shares[Presence.MUSIC] == pytest.approx(15 / 20)
    assert shares[Presence.SPEECH] == shares[Presence.SILENCE] == pytest.approx(2.5 / 20)
    assert presence_shares(speech_timeline)[Presence.SPEECH] == 1
    assert set(presence_shares(_timeline(NO_MUSIC)).values()) == {0.0}
