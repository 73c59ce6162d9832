from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.plain_text import one_line
from moodprint.reports.html.frames import Frame
from moodprint.reports.html.preview import Preview
from moodprint.reports.html.sections import Section
from moodprint.reports.palette import COLOURS
from moodprint.reports.timeline_text import timeline_words


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
        "presence": "music",
        "emotion": "calm",
        "unsure": False,
        "words": "calm (0.72)",
    }
    assert data["stretches"][2]["emotion"] is None
    assert data["duration"] == 20


def test_cues_are_listed_by_how_hard_they_push(explained_timeline, timeline):
    section = _section(explained_timeline)
    assert [row.name for row in section.cues] == ["tempo", "mode", "register"]
    assert [row.share for row in section.cues] == [1, -0.5, 0]
    assert [row.value for row in section.cues] == ["62 bpm", "-0.31 (A minor)", "none"]
    assert section.stretches[0].why.startswith("slow (60 bpm)")
    assert (_section(timeline).cues, _section(timeline).why) == ([], "")
    assert section.stretches[2].why == ""


def test_the_sentence_is_that_of_the_terminal(timeline):
    assert _section(timeline).sentence == timeline_words(timeline)


def test_hostile_names_are_safe_to_show(timeline):
    section = _section(replace(timeline, source="a\x1b[2J/b\u202e3pm.exe\n.mp3"))
    for text in (section.source, section.name):
        assert not set("\x1b\u202e\n") & set(text)
    assert section.data({})["name"] == section.name


def test_whether_the_cues_agree_is_known(explained_timeline, timeline):
    assert not _section(explained_timeline).cues_agree, "calm was answered, and the cues say sad"
    agreed = replace(explained_timeline.explanation, cues_say=Emotion.CALM)
    assert _section(replace(explained_timeline, explanation=agreed)).cues_agree
    assert not _section(timeline).cues_agree


def test_pictures_carry_their_times(timeline):
    section = Section("file-1", timeline, Preview(None), None, (Frame(61.5, b"jpeg"),))
    [picture] = section.pictures
    assert (picture["start_s"], picture["time"]) == (61.5, "1:02")
    assert picture["url"].startswith("data:image/jpeg;base64,")


def test_whether_there_is_anything_to_draw(timeline, speech_timeline):
    assert _section(timeline).has_emotion
    assert not _section(speech_timeline).has_emotion
    assert not _section(replace(timeline, segments=())).has_emotion


def test_a_stretch_is_told_with_its_time_its_words_and_its_track(timeline):
    first, *_, last = _section(timeline).stretches
    assert (first.start_s, first.times, first.words) == (0, "0:00-0:06", "calm (0.72)")
    assert first.answer.valence == pytest.approx(0.5)
    assert (first.track, last.track) == ("", "A & B <Theme> --> C")
    assert first.colour == COLOURS["calm"]


def test_a_stretch_without_music_has_no_colour_and_no_reason(explained_timeline):
    [speech] = [s for s in _section(explained_timeline).stretches if "speech" in s.words]
    assert (speech.colour, speech.why) == (None, "")


def test_the_script_gets_the_peaks_and_the_figure(timeline):
    section = Section("file-2", timeline, Preview(b"webm", (0.0, 1.0, 0.5)), "data:audio/webm,")
    data = section.data({"data": [1]})
    assert data["peaks"] == [0.0, 1.0, 0.5]
    assert data["figure"] == {"data": [1]}
    assert json.loads(json.dumps(data)) == data


def test_a_cue_without_a_value_is_none_and_pushes_nothing(explained_timeline):
    register = next(row for row in _section(explained_timeline).cues if row.name == "register")
    assert (register.value, register.push, register.share) == ("none", "+0.00", 0)


def test_pushes_have_their_signs(explained_timeline):
    pushes = {row.name: row.push for row in _section(explained_timeline).cues}
    assert (pushes["tempo"], pushes["mode"]) == ("+0.25", "-0.12")


@given(data=st.data())
def test_any_timeline_has_a_section(any_timeline, data):
    section = _section(data.draw(any_timeline))
    assert one_line(section.name) == section.name
    assert len(section.data({})["stretches"]) == len(section.stretches)
