from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.errors import EmptyFileError, InputError, MissingFileError
from moodprint.prediction import Failure
from moodprint.reports.exports import read_json, render


def test_the_contract(timeline, failure):
    song, bad = json.loads(render([timeline, failure], "json"))
    assert bad == {"source": "bad.mp3", "error": failure.error}
    assert song["source"] == "songs/one.mp3"
    assert song["emotion"] == "calm"
    assert list(song["probabilities"]) == ["angry", "calm", "fear", "happy", "sad"]
    assert sum(song["probabilities"].values()) == pytest.approx(1)
    assert song["segments"][3]["presence"] == "speech"
    assert song["segments"][3]["emotion"] is None
    assert song["segments"][0]["start_s"] == 0
    assert song == timeline.to_dict()


def test_no_results_are_an_empty_list():
    assert json.loads(render([], "json")) == []


def test_one_segment_a_line(timeline):
    lines = render([timeline], "json").decode().splitlines()
    assert sum('"start_s"' in line for line in lines) == len(timeline.segments)


@settings(max_examples=60)
@given(data=st.data())
def test_what_is_written_is_read_back(any_results, data, tmp_path_factory):
    results = data.draw(any_results)
    path = tmp_path_factory.mktemp("json") / "out.json"
    path.write_bytes(render(results, "json"))
    again = read_json(path)
    assert [r.to_dict() for r in again] == [r.to_dict() for r in results]
    path.write_bytes(render(again, "json"))
    assert read_json(path) == again


def test_a_name_that_is_not_utf8_survives(tmp_path):
    name = b"caf\xe9.mp3".decode("utf-8", "surrogateescape")
    path = tmp_path / "out.json"
    path.write_bytes(render([Failure(name, "x")], "json"))
    assert read_json(path) == [Failure(name, "x")]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '[{"source": "a.mp3", "dura',
        "{}",
        "[1]",
        "[{}]",
        '[{"error": "no source"}]',
        '[{"source": "a", "duration_s": null}]',
        "[" * 100_000,
        "\x80",
    ],
)
def test_what_is_no_result_list_is_refused(text, tmp_path):
    path = tmp_path / "out.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=r"out\.json: is no list of moodprint's answers"):
        read_json(path)


@pytest.mark.parametrize(
    "spoil", [("emotion", "glad"), ("probabilities", {"calm": 1}), ("segments", 3)]
)
def test_a_field_that_makes_no_sense_is_refused(spoil, timeline, tmp_path):
    name, value = spoil
    path = tmp_path / "out.json"
    path.write_text(json.dumps([{**timeline.to_dict(), name: value}]))
    with pytest.raises(InputError, match="is no list of moodprint's answers"):
        read_json(path)


def test_nothing_to_read(tmp_path):
    with pytest.raises(MissingFileError):
        read_json(tmp_path / "none.json")
    (tmp_path / "empty.json").touch()
    with pytest.raises(EmptyFileError):
        read_json(tmp_path / "empty.json")


def test_explanations_stand_where_they_were_asked_for(explained_timeline, timeline):
    plain, explained = json.loads(render([timeline, explained_timeline], "json"))
    assert explained["explanation"]["agreement"] == 0.635
    assert explained["segments"][0]["explanation"]["cues"]["tempo"]["value"] == 60
    assert "explanation" not in explained["segments"][3]
    explained.pop("explanation")
    for segment in explained["segments"]:
        segment.pop("explanation", None)
    assert explained == plain


def test_explanations_come_back_as_they_were(explained_timeline, tmp_path):
    path = tmp_path / "out.json"
    path.write_bytes(render([explained_timeline], "json"))
    (back,) = read_json(path)
    assert back.explanation == explained_timeline.explanation
    assert render([back], "json") == path.read_bytes()


def test_a_broken_explanation_is_told(explained_timeline, tmp_path):
    path = tmp_path / "out.json"
    path.write_bytes(render([explained_timeline], "json").replace(b'"cues_say"', b'"cues_said"'))
    with pytest.raises(InputError, match="is no list of moodprint's answers"):
        read_json(path)
