from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.prediction import Presence
from moodprint.reports.terminal.strip import NOTHING, Mark, mark_of, strip


def test_each_piece_is_what_fills_most_of_it(timeline):
    assert strip(timeline, 4) == (
        Mark(Presence.MUSIC, Emotion.CALM),
        Mark(Presence.MUSIC, Emotion.FEAR),
        Mark(Presence.SILENCE),
        Mark(Presence.MUSIC, Emotion.HAPPY),
    )


def test_what_no_segment_covers_is_silence(timeline):
    assert strip(replace(timeline, duration_s=40.0), 2)[1] == NOTHING


def test_an_unsure_segment_is_marked(timeline):
    assert mark_of(timeline.segments[5]) == Mark(Presence.MUSIC, Emotion.SAD, unsure=True)


def test_nothing_to_draw(timeline):
    assert strip(timeline, 0) == strip(replace(timeline, duration_s=0.0), 9) == ()


@given(data=st.data(), pieces=st.integers(1, 200))
def test_there_are_as_many_pieces_as_asked_for(any_timeline, data, pieces):
    timeline = replace(data.draw(any_timeline), duration_s=30.0)
    assert len(strip(timeline, pieces)) == pieces


@given(data=st.data())
def test_a_timeline_of_one_answer_is_one_colour(any_timeline, data):
    timeline = data.draw(any_timeline)
    segments = timeline.segments[:1]
    whole = replace(timeline, duration_s=5.0, segments=segments)
    if segments and segments[0].start_s == 0:
        assert set(strip(whole, 7)) == {mark_of(segments[0])}
