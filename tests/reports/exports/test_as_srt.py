from __future__ import annotations

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.prediction import Timeline
from moodprint.reports.exports import render
from moodprint.reports.spans import lasting_spans


def _read(timeline):
    return pysubs2.SSAFile.from_string(render([timeline], "srt").decode("utf-8"), format_="srt")


def test_the_bytes(speech_timeline):
    assert render([speech_timeline], "srt") == (
        b"1\n00:00:00,000 --> 00:00:10,000\nno music (speech)\n"
    )


def test_a_cue_a_stretch(timeline):
    said = [(cue.start, cue.end, cue.plaintext) for cue in _read(timeline)]
    assert said[0] == (0, 6250, "calm (0.72)")
    assert said[2] == (8750, 11250, "no music (speech)")
    assert said[4] == (13750, 16250, "unsure, perhaps sad")
    assert len(said) == 6


def test_times_of_long_files(make_answer, make_music):
    late = make_music(3 * 3600 + 61.5, 3 * 3600 + 66.5, Emotion.SAD)
    song = Timeline("long.mp3", 11000.0, make_answer(Emotion.SAD), (late,), "ear 1")
    assert b"03:01:01,500 --> 03:01:06,500" in render([song], "srt")


@given(data=st.data())
def test_any_timeline_gives_its_cues(any_timeline, data):
    timeline = data.draw(any_timeline)
    text = render([timeline], "srt").decode()
    assert sum("-->" in line for line in text.splitlines()) == len(lasting_spans(timeline.segments))
