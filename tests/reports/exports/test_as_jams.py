from __future__ import annotations

import io
from dataclasses import replace

import jams
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.reports.exports import render

pytestmark = pytest.mark.filterwarnings(
    "ignore:Passing a schema to Validator.iter_errors:DeprecationWarning"  # jams' own call
)


def _read(timeline):
    text = render([timeline], "jams").decode("utf-8")
    return jams.load(io.StringIO(text), validate=True, strict=True, fmt="jams")


def test_it_validates_strictly(timeline):
    document = _read(timeline)
    assert document.validate(strict=True)
    assert document.file_metadata.duration == 20
    assert document.file_metadata.title == "one.mp3"


def test_emotion_as_tag_open_one_observation_a_segment(timeline):
    (tags,) = _read(timeline).search(namespace="tag_open")
    observed = [(o.time, o.duration, o.value) for o in tags.data]
    assert observed[0] == (0, 5, "calm")
    assert (7.5, 5, "no music (speech)") in observed
    assert len(observed) == len(timeline.segments)
    assert tags.sandbox["abstained"][5] is True


def test_valence_and_arousal_as_mood_thayer_where_there_is_music(timeline):
    (moods,) = _read(timeline).search(namespace="mood_thayer")
    values = [tuple(o.value) for o in moods.data]
    assert values[0] == (0.5, -0.6)
    assert len(values) == 5


def test_presence_as_segment_open(timeline):
    (presence,) = _read(timeline).search(namespace="segment_open")
    assert sorted({o.value for o in presence.data}) == ["music", "silence", "speech"]


def test_the_whole_answer_comes_along(timeline):
    whole = _read(timeline).sandbox.overall
    assert whole["emotion"] == "calm"
    assert whole["probabilities"]["calm"] == pytest.approx(0.66)


def test_no_segments_still_validate(timeline):
    assert _read(replace(timeline, segments=())).validate(strict=True)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_timeline_validates(any_timeline, data):
    assert _read(data.draw(any_timeline)).validate(strict=True)


def test_each_annotation_says_which_program_made_it(timeline):
    for annotation in _read(timeline).annotations:
        about = annotation.annotation_metadata
        assert (about.annotation_tools, about.data_source) == ("moodprint", "program")
        assert about.annotator["model"] == timeline.model


def test_observations_have_the_confidence_of_their_segment(timeline):
    (tags,) = _read(timeline).search(namespace="tag_open")
    for observed, segment in zip(tags.data, timeline.segments, strict=True):
        assert observed.confidence == pytest.approx(segment.prediction.confidence)


def test_a_file_without_music_has_no_moods(speech_timeline):
    document = _read(speech_timeline)
    (moods,) = document.search(namespace="mood_thayer")
    assert len(moods.data) == 0
    assert document.sandbox.overall["reason"] == "no music was heard"


def test_a_name_that_is_not_utf8_is_written(timeline):
    odd = replace(timeline, source=b"caf\xe9.mp3".decode("utf-8", "surrogateescape"))
    assert b"caf" in render([odd], "jams")
