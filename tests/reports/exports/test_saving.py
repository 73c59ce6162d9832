from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.errors import InputError, NoPermissionError, OptionError
from moodprint.reports.exports import FORMATS, FileFormat, render, write
from moodprint.reports.exports.saving import file_names


def test_a_list_format_goes_to_one_file(timeline, failure, tmp_path):
    target = tmp_path / "new" / "out.json"
    assert write([timeline, failure], "json", target) == (target,)
    assert target.read_bytes() == render([timeline, failure], "json")


def test_one_timeline_in_a_file_format_goes_to_the_file(timeline, failure, tmp_path):
    target = tmp_path / "out.vtt"
    assert write([failure, timeline], "webvtt", target) == (target,)
    assert target.read_bytes() == render([timeline], "webvtt")


def test_several_go_to_a_folder_one_file_each(timeline, speech_timeline, tmp_path):
    other = replace(timeline, source="elsewhere/ONE.wav")
    paths = write([timeline, speech_timeline, other], "srt", tmp_path / "out")
    assert [path.name for path in paths] == ["one.srt", "talk.srt", "ONE-2.srt"]
    assert paths[1].read_bytes() == render([speech_timeline], "srt")


def test_one_goes_into_a_folder_that_is_there(timeline, tmp_path):
    assert write([timeline], "elan", tmp_path) == (tmp_path / "one.eaf",)


def test_several_and_a_file_are_refused(timeline, tmp_path):
    target = tmp_path / "out.vtt"
    target.write_text("mine")
    with pytest.raises(OptionError, match="describes one file and there are 2: name a folder"):
        write([timeline, timeline], "webvtt", target)
    assert target.read_text() == "mine"


def test_several_and_a_stream_are_refused(timeline):
    with pytest.raises(OptionError, match="name a folder"):
        write([timeline, timeline], "jams", io.BytesIO())


def test_failures_alone_write_no_file(failure, tmp_path):
    assert write([failure], "webvtt", tmp_path / "out.vtt") == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_stream_gets_the_bytes(name, timeline):
    stream = io.BytesIO()
    assert write([timeline], name, stream) == ()
    assert stream.getvalue() == render([timeline], name)


def test_an_old_file_is_replaced_whole_and_nothing_is_left_beside(timeline, tmp_path):
    target = tmp_path / "out.json"
    target.write_text("old")
    write([timeline], "json", target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_what_is_no_file_is_written_to(timeline):
    assert write([timeline], "json", Path(os.devnull)) == (Path(os.devnull),)
    assert Path(os.devnull).is_char_device()


def test_a_list_into_a_folder_or_through_a_file_is_refused(timeline, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write([timeline], "json", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        write([timeline], "json", tmp_path / "file" / "out.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission_is_said(timeline, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NoPermissionError, match="cannot be written"):
        write([timeline], "json", tmp_path / "out.json")


def test_odd_names_become_names():
    sources = ["", "..", 'a/<b>:"c"|?*.mp3', "x" * 300 + ".wav", ".hidden", "a\nb.ogg"]
    names = file_names(sources, ".vtt")
    assert names[:3] == ["untitled.vtt", "untitled-2.vtt", "_b___c____.vtt"]
    assert names[4:] == ["hidden.vtt", "a_b.vtt"]
    assert len(names[3]) < 130


@given(st.lists(st.text(max_size=8) | st.sampled_from(["a.mp3", "a-2.mp3", "A.wav"])))
def test_names_differ_even_where_case_does_not_count(sources):
    names = file_names(sources, ".srt")
    assert len({name.casefold() for name in names}) == len(sources)
    assert all(Path(name).name == name and name != ".srt" for name in names)


def test_suffixes_differ_where_files_stand_side_by_side():
    one_file = [form.suffix for form in FORMATS.values() if isinstance(form, FileFormat)]
    assert len(set(one_file)) == len(one_file)
