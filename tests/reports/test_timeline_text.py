from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import NO_MUSIC, Presence, Segment, Timeline
from moodprint.reports.timeline_text import (
    clock,
    one_line,
    prediction_words,
    presence_shares,
    presence_sureness,
    segment_words,
    signed,
    stamp,
    tick_step_s,
    timeline_words,
    totals_words,
    tracks_words,
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
    assert prediction_words(make_answer(Emotion.SAD, 0.3, abstained=True)) == "unsure, perhaps sad"
    assert prediction_words(NO_MUSIC, Presence.SPEECH) == "no music (speech)"
    assert segment_words(timeline.segments[-1]) == "happy (0.70) - A & B <Theme> --> C"


def _timeline(overall, *segments):
    return Timeline("x.mp3", 120.0, overall, segments, "ear 1")


def test_a_song_of_one_emotion_needs_no_times(make_answer, make_music):
    song = _timeline(make_answer(Emotion.CALM), make_music(0, 60, Emotion.CALM))
    assert timeline_words(song) == "calm (0.70)"


@pytest.mark.parametrize(
    ("reliability", "word", "in_ten"),
    [(0.95, "sure", 9), (0.8, "sure", 8), (0.79, "likely", 8), (0.58, "possible", 6)],
)
def test_how_sure_is_said_by_how_often_such_answers_are_right(
    reliability, word, in_ten, make_answer, make_music
):
    overall = replace(make_answer(Emotion.CALM, 0.55), reliability=reliability)
    assert prediction_words(overall) == f"calm ({word})"
    assert timeline_words(_timeline(overall, make_music(0, 60, Emotion.CALM))) == (
        f"calm ({word}: about {in_ten} in 10 such answers are right)"
    )


def test_several_moods_are_told_in_order_with_their_shares(make_answer, make_music):
    parts = (make_music(0, 56, Emotion.SAD), make_music(56, 120, Emotion.HAPPY))
    told = timeline_words(_timeline(make_answer(Emotion.HAPPY, 0.24, abstained=True), *parts))
    assert told == "sad 0:00 to 0:56, then happy; sad 47%, happy 53%"


def test_a_mood_after_a_gap_says_when_it_begins_and_one_before_the_end_when_it_ends(
    make_answer, make_music
):
    gap = (make_music(0, 20, Emotion.FEAR), make_music(36, 120, Emotion.ANGRY))
    told = timeline_words(_timeline(make_answer(Emotion.ANGRY), *gap))
    assert told == "fear 0:00 to 0:20, then angry from 0:36; fear 19%, angry 81%"
    early = (make_music(0, 20, Emotion.FEAR), make_music(20, 60, Emotion.ANGRY))
    told = timeline_words(_timeline(make_answer(Emotion.ANGRY), *early))
    assert told.startswith("fear 0:00 to 0:20, then angry 0:20 to 1:00; ")


def test_a_moment_of_another_mood_is_no_change(make_answer, make_music):
    parts = (
        make_music(0, 65, Emotion.CALM),
        make_music(65, 67, Emotion.SAD),
        make_music(67, 120, Emotion.CALM),
    )
    assert timeline_words(_timeline(make_answer(Emotion.CALM), *parts)) == "calm (0.70)"


def test_the_share_that_is_unsure_is_told(make_answer, make_music):
    doubt = Segment(30, 120, Presence.MUSIC, make_answer(Emotion.SAD, 0.3, abstained=True))
    parts = (make_music(0, 30, Emotion.CALM), doubt)
    told = timeline_words(_timeline(make_answer(Emotion.CALM, 0.3, abstained=True), *parts))
    assert told == "unsure, perhaps calm; calm 25%, unsure 75%"


def test_many_changes_are_counted_not_listed(make_answer, make_music):
    turns = [Emotion.CALM, Emotion.HAPPY] * 4
    parts = [make_music(10 * n, 10 * n + 10, emotion) for n, emotion in enumerate(turns)]
    told = timeline_words(_timeline(make_answer(Emotion.CALM), *parts))
    assert "then calm 0:40 to 0:50, and 3 more changes; calm 50%, happy 50%" in told


@given(data=st.data())
def test_the_sentence_never_names_an_emotion_that_no_segment_holds(any_timeline, data):
    timeline = data.draw(any_timeline)
    segments = timeline.segments
    held = {str(s.prediction.emotion) for s in segments if s.prediction.emotion is not None}
    if timeline.overall.emotion not in held:
        return
    told = set(re.findall(r"[a-z]+", timeline_words(replace(timeline, reason=None))))
    assert told & set(EMOTIONS) <= held


def test_no_music_says_why(speech_timeline):
    assert timeline_words(speech_timeline) == "no music was heard"


def test_shares_of_presence(timeline, speech_timeline):
    shares = presence_shares(timeline)
    assert shares[Presence.MUSIC] == pytest.approx(15 / 20)
    assert shares[Presence.SPEECH] == shares[Presence.SILENCE] == pytest.approx(2.5 / 20)
    assert presence_shares(speech_timeline)[Presence.SPEECH] == 1
    assert set(presence_shares(_timeline(NO_MUSIC)).values()) == {0.0}


@pytest.mark.parametrize(
    ("sure", "told"),
    [(0.95, "no music (other)"), (0.6, "no music (other)"), (0.55, "no music (perhaps other)")],
)
def test_a_presence_in_doubt_is_told(sure, told):
    segment = Segment(0, 5, Presence.OTHER, NO_MUSIC, presence_confidence=sure)
    assert segment_words(segment) == told


def test_music_that_may_be_none_is_told(make_music):
    music = replace(make_music(0, 5, Emotion.CALM), presence_confidence=0.55)
    assert segment_words(music) == "calm (0.70, if this is music)"


def test_how_sure_the_presence_is_goes_by_time(timeline, make_music):
    assert presence_sureness(timeline) == ""
    sure = replace(make_music(0, 30, Emotion.CALM), presence_confidence=0.9)
    doubt = replace(make_music(30, 40, Emotion.CALM), presence_confidence=0.5)
    whole = replace(timeline, segments=(sure, doubt))
    assert presence_sureness(whole) == "sure"
    assert presence_sureness(replace(whole, segments=(doubt,))) == "possible"


def test_totals_count_each_kind_and_leave_out_what_there_is_none_of(timeline, speech_timeline):
    assert totals_words([timeline]) == "1 file: 1 answered"
    assert totals_words([speech_timeline] * 2) == "2 files: 2 without music"


def test_a_file_of_several_moods_is_answered_by_them(make_answer, make_music):
    parts = (make_music(0, 56, Emotion.SAD), make_music(56, 120, Emotion.HAPPY))
    mixed = _timeline(make_answer(Emotion.HAPPY, 0.24, abstained=True), *parts)
    assert totals_words([mixed]) == "1 file: 1 answered"


def test_known_tracks_are_named_by_their_files_once_each(make_music):
    tracks = ["songs/b.mp3", None, "songs/a.mp3", "songs/b.mp3"]
    parts = [
        replace(make_music(5 * n, 5 * n + 5, Emotion.SAD), track=t) for n, t in enumerate(tracks)
    ]
    assert tracks_words(_timeline(NO_MUSIC, *parts)) == "b.mp3, a.mp3"
