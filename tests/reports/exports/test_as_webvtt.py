from __future__ import annotations

import io
from dataclasses import replace

import webvtt
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.reports.exports import render
from moodprint.reports.spans import lasting_spans


def _read(timeline):
    text = render([timeline], "webvtt").decode("utf-8")
    return webvtt.from_buffer(io.StringIO(text))


def test_a_cue_a_stretch_with_no_music_said(timeline):
    cues = _read(timeline)
    assert [(cue.start, cue.end, cue.text) for cue in cues][:4] == [
        ("00:00:00.000", "00:00:06.250", "calm (0.72)"),
        ("00:00:06.250", "00:00:08.750", "fear (0.70)"),
        ("00:00:08.750", "00:00:11.250", "no music (speech)"),
        ("00:00:11.250", "00:00:13.750", "no music (silence)"),
    ]


def test_markup_in_names_is_escaped_and_arrows_break_no_cue(timeline):
    text = render([timeline], "webvtt").decode()
    assert "A &amp; B &lt;Theme&gt; --&gt; C" in text
    assert len(_read(timeline)) == 6
    assert sum("-->" in line for line in text.splitlines()) == 6


def test_colours_belong_to_the_emotions(timeline):
    text = render([timeline], "webvtt").decode()
    assert all(f"::cue(.{emotion})" in text for emotion in Emotion)
    assert "<c.calm>calm (0.72)</c>" in text
    assert "<c.sad>" not in text, "an unsure answer has no colour"


def test_a_source_with_an_arrow_or_a_line_break_stays_in_its_note(timeline):
    odd = replace(timeline, source="a --> b\n\n00:00.000 --> 00:09.000\nfake.mp3")
    cues = _read(odd)
    assert len(cues) == 6
    assert "fake.mp3" not in "".join(cue.text for cue in cues)


@given(data=st.data())
def test_any_timeline_gives_its_cues(any_timeline, data):
    timeline = data.draw(any_timeline)
    cues = list(_read(timeline))
    assert len(cues) == len(lasting_spans(timeline.segments))
    for cue, span in zip(cues, lasting_spans(timeline.segments), strict=True):
        assert abs(cue.start_in_seconds - int(span.start_s)) <= 1
