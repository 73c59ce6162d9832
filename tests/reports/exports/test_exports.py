"""What holds for every format of the table."""

from __future__ import annotations

import pytest

from moodprint.errors import OptionError
from moodprint.reports.exports import FORMATS, FileFormat, exporter, render


def test_the_formats_of_the_contract():
    assert list(FORMATS) == [
        *("json", "csv", "parquet", "webvtt", "srt", "audacity", "elan", "jams"),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_each_is_known_by_its_own_name(name):
    assert exporter(name).name == name
    assert exporter(name).suffix.startswith(".")
    assert "/" in exporter(name).media_type


@pytest.mark.parametrize("name", FORMATS)
def test_two_runs_give_the_same_bytes(name, timeline):
    assert render([timeline], name) == render([timeline], name) != b""


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_without_music_says_so(name, speech_timeline):
    assert b"speech" in render([speech_timeline], name)


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_are_not_utf8_are_written(name, timeline):
    from dataclasses import replace

    odd = b"caf\xe9 \xff.mp3".decode("utf-8", "surrogateescape")
    assert render([replace(timeline, source=odd)], name)


def test_an_unknown_format_names_the_known_ones(timeline):
    with pytest.raises(OptionError, match=r"no format is called 'jason' \(did you mean 'json'\?\)"):
        render([timeline], "jason")


@pytest.mark.parametrize(
    "name", [form.name for form in FORMATS.values() if isinstance(form, FileFormat)]
)
def test_a_format_of_one_file_takes_exactly_one(name, timeline, failure):
    assert render([failure, timeline], name) == render([timeline], name)
    with pytest.raises(OptionError, match=f"{name} describes one file and there are 2"):
        render([timeline, timeline], name)
    with pytest.raises(OptionError, match="there are 0"):
        render([failure], name)
