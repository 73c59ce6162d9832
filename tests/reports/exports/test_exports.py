"""What holds for every format of the table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from moodprint.errors import OptionError
from moodprint.reports.exports import FORMATS, FileFormat, exporter, exporter_for, render


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


@pytest.mark.parametrize("name", FORMATS)
def test_each_is_found_by_its_suffix(name):
    assert exporter_for(Path(f"out{exporter(name).suffix}")).name == name
    assert exporter_for(Path(f"OUT{exporter(name).suffix.upper()}")).name == name


@pytest.mark.parametrize("path", ["out", "out.mp3", ".json"])
def test_a_suffix_of_no_format_names_the_known_ones(path):
    with pytest.raises(OptionError, match="names no format; name one of json, csv"):
        exporter_for(Path(path))


@pytest.mark.parametrize("name", FORMATS)
def test_each_has_a_row_in_the_docs(name):
    docs = (Path(__file__).parents[3] / "docs" / "formats.md").read_text()
    assert f"| `{name}` | {exporter(name).suffix} |" in docs


def test_the_table_itself_loads_no_format():
    code = "import sys, moodprint.reports.exports; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if ".as_" in name}
    assert loaded == {"moodprint.reports.exports.as_json"}, "others wait until they are asked for"


def test_an_unknown_format_names_the_known_ones(timeline):
    with pytest.raises(OptionError, match=r"no format is called 'jason' \(did you mean 'json'\?\)"):
        render([timeline], "jason")


@pytest.mark.parametrize(
    "name", [name for name in FORMATS if isinstance(exporter(name), FileFormat)]
)
def test_a_format_of_one_file_takes_exactly_one(name, timeline, failure):
    assert render([failure, timeline], name) == render([timeline], name)
    with pytest.raises(OptionError, match=f"{name} describes one file and there are 2"):
        render([timeline, timeline], name)
    with pytest.raises(OptionError, match="there are 0"):
        render([failure], name)
