from __future__ import annotations

from dataclasses import replace

import pytest

from moodprint.emotion import Emotion
from moodprint.reports.html.preview import Preview
from moodprint.reports.html.sections import Section, summary
from moodprint.reports.palette import COLOURS


def _section(timeline):
    return Section("file-1", timeline, Preview(None), None)


def test_the_answer_in_short(timeline, speech_timeline, make_answer):
    assert (_section(timeline).headline, _section(timeline).colour) == ("calm", COLOURS["calm"])
    assert _section(speech_timeline).headline == "no music"
    unsure = replace(timeline, overall=make_answer(Emotion.SAD, 0.3, abstained=True))
    assert (_section(unsure).headline, _section(unsure).colour) == ("unsure", None)


def test_names_and_what_was_heard(timeline):
    section = _section(timeline)
    assert (section.name, section.source, section.length) == ("one.mp3", "songs/one.mp3", "0:20")
    assert section.presence == "music 75%, speech 12%, silence 12%"
    assert _section(replace(timeline, source="..\n")).name == ".."


def test_emotions_by_rank(timeline, speech_timeline):
    ranked = _section(timeline).ranked
    assert ranked[0] == ("calm", pytest.approx(0.66), COLOURS["calm"])
    assert len(ranked) == 5
    assert _section(speech_timeline).ranked == []


def test_stretches_and_what_the_script_gets(timeline):
    section = _section(timeline)
    assert [s.times for s in section.stretches][:2] == ["0:00-0:06", "0:06-0:09"]
    data = section.data({"data": []})
    assert data["stretches"][0] == {
        "start": 0,
        "end": 6.25,
        "emotion": "calm",
        "unsure": False,
        "words": "calm (0.72)",
    }
    assert data["stretches"][2]["emotion"] is None
    assert data["duration"] == 20


def test_the_strip_of_the_summary_joins_what_is_alike(timeline):
    (row,) = summary([_section(timeline)])
    assert row.strip[0] == (0, 19, COLOURS["calm"], 1.0)
    assert row.strip[-2][3] == 0.45, "unsure is pale"
    assert sum(width for _, width, _, _ in row.strip) < 60, "speech and silence stay blank"


def test_cues_are_listed_by_how_hard_they_push(explained_timeline, timeline):
    section = _section(explained_timeline)
    assert [row.name for row in section.cues] == ["tempo", "mode", "register"]
    assert [row.share for row in section.cues] == [1, -0.5, 0]
    assert [row.value for row in section.cues] == ["62 bpm", "-0.31 (A minor)", "none"]
    assert section.stretches[0].why.startswith("slow (60 bpm)")
    assert (_section(timeline).cues, _section(timeline).why) == ([], "")
    assert section.stretches[2].why == ""
