from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pympi import Eaf

from moodprint.cells import cells
from moodprint.reports.exports import render


def _read(timeline, path):
    path.write_bytes(render([timeline], "elan"))
    return Eaf(str(path))


def test_tiers_in_time(timeline, tmp_path):
    eaf = _read(timeline, tmp_path / "one.eaf")
    assert set(eaf.get_tier_names()) == {"emotion", "presence", "valence", "arousal", "track"}
    emotions = sorted(eaf.get_annotation_data_for_tier("emotion"))
    assert emotions[0][:3] == (0, 6250, "calm (0.72)")
    assert emotions[2][:3] == (8750, 11250, "no music (speech)")
    presences = sorted(eaf.get_annotation_data_for_tier("presence"))
    assert [mark[2] for mark in presences] == ["music", "speech", "silence", "music"]
    assert sorted(eaf.get_annotation_data_for_tier("valence"))[0][2] == "0.500"
    assert eaf.get_annotation_data_for_tier("track")[0][2] == "A & B <Theme> --> C"


def test_the_media_file_is_linked(timeline, tmp_path):
    odd = replace(timeline, source='/films/"a" & <b>.mp4')
    media = _read(odd, tmp_path / "one.eaf").media_descriptors[0]
    assert media["MEDIA_URL"] == "file:///films/%22a%22%20%26%20%3Cb%3E.mp4"
    assert media["RELATIVE_MEDIA_URL"] == "./%22a%22%20%26%20%3Cb%3E.mp4"
    assert media["MIME_TYPE"] == "video/mp4"


def test_a_relative_source_stays_relative(timeline, tmp_path):
    media = _read(timeline, tmp_path / "one.eaf").media_descriptors[0]
    assert media["MEDIA_URL"] == "songs/one.mp3"


def test_the_order_of_the_schema(timeline):
    document = ET.fromstring(render([timeline], "elan"))
    assert [child.tag for child in document] == [
        "HEADER",
        "TIME_ORDER",
        *["TIER"] * 5,
        "LINGUISTIC_TYPE",
    ]


@settings(max_examples=50)
@given(data=st.data())
def test_any_timeline_is_read_and_no_tier_overlaps_itself(any_timeline, data, tmp_path_factory):
    timeline = data.draw(any_timeline)
    eaf = _read(timeline, tmp_path_factory.mktemp("eaf") / "any.eaf")
    for tier in eaf.get_tier_names():
        marks = sorted(eaf.get_annotation_data_for_tier(tier))
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(marks))
    music = [cell for cell in cells(timeline.segments) if cell.prediction.valence is not None]
    assert len(eaf.get_annotation_data_for_tier("valence")) == len(music)


def test_a_tier_without_marks_is_there_and_empty(speech_timeline, tmp_path):
    eaf = _read(speech_timeline, tmp_path / "talk.eaf")
    assert eaf.get_annotation_data_for_tier("valence") == []
    assert len(eaf.get_annotation_data_for_tier("emotion")) == 1


def test_times_are_whole_milliseconds(timeline):
    document = ET.fromstring(render([timeline], "elan"))
    slots = {
        s.attrib["TIME_SLOT_ID"]: int(s.attrib["TIME_VALUE"]) for s in document.iter("TIME_SLOT")
    }
    assert max(slots.values()) == pytest.approx(20_000)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("a.wav", "audio/x-wav"), ("a.MP4", "video/mp4"), ("a.mov", "video/quicktime"),
     ("a.xyz", "unknown"), ("noending", "unknown")],
)  # fmt: skip
def test_the_kind_of_the_media_is_told_by_its_suffix(source, kind, timeline, tmp_path):
    media = _read(replace(timeline, source=source), tmp_path / "one.eaf").media_descriptors[0]
    assert media["MIME_TYPE"] == kind


def test_numbers_of_marks_are_all_different(timeline):
    document = ET.fromstring(render([timeline], "elan"))
    marks = [mark.attrib["ANNOTATION_ID"] for mark in document.iter("ALIGNABLE_ANNOTATION")]
    slots = [slot.attrib["TIME_SLOT_ID"] for slot in document.iter("TIME_SLOT")]
    assert len(set(marks)) == len(marks) > 10
    assert len(set(slots)) == len(slots) == 2 * len(marks)


def test_the_model_stands_in_the_header(timeline):
    document = ET.fromstring(render([replace(timeline, model="ear\x1b-3")], "elan"))
    [model] = [p.text for p in document.iter("PROPERTY") if p.attrib["NAME"] == "model"]
    assert "ear" in model
    assert "\x1b" not in model


def test_without_known_tracks_there_is_no_tier_of_them(speech_timeline, tmp_path):
    assert "track" not in _read(speech_timeline, tmp_path / "talk.eaf").get_tier_names()
