import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.plain_text import named_reason, one_line, spreadsheet_cell, spreadsheet_path

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=40)
NAMES = [
    "song.mp3",
    "Ärzte – Schrei.flac",  # noqa: RUF001 - a name as it stands on records
    "夜に駆ける.opus",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467.mp4",
    "\u0646\u063a\u0645\u0647\u200c\u0647\u0627.ogg",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_people_write_stays_as_it_is(name: str) -> None:
    assert one_line(name) == spreadsheet_cell(name) == spreadsheet_path(name) == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x1b[2J\x1b]0;PWN\x07.mp3", r"a\x1b[2J\x1b]0;PWN\x07.mp3"),
        ("invoice\u202e3pm.exe", r"invoice\u202e3pm.exe"),
        ("first\nmoodprint: all is well", "first moodprint: all is well"),
        ("tab\there\r\n", "tab here"),
        ("broken\udcff.mp3", r"broken\udcff.mp3"),
        ("\ufeffmarked", r"\ufeffmarked"),
    ],
)
def test_what_would_run_or_turn_is_made_visible(text: str, line: str) -> None:
    assert one_line(text) == line


@given(ANYTHING)
def test_the_line_can_be_written_and_cannot_steer(text: str) -> None:
    line = one_line(text)
    line.encode("utf-8")
    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(letter) for letter in line} & {"Cc", "Cs"}
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(ANYTHING)
def test_a_line_stays_as_it_is(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)


@given(st.sampled_from("=+-@\t\r\n"), ANYTHING)
def test_no_cell_is_a_formula(start: str, rest: str) -> None:
    assert not spreadsheet_cell(start + rest).startswith(("=", "+", "-", "@"))
    assert not spreadsheet_path(start + rest).startswith(("=", "+", "-", "@"))


def test_a_path_stays_a_path_to_the_same_file(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "=1+1.mp3").write_bytes(b"here")
    from pathlib import Path

    assert Path(spreadsheet_path("=1+1.mp3")).read_bytes() == b"here"


def test_a_formula_behind_spaces_is_marked_too():
    assert spreadsheet_cell(" =1+1") == "'=1+1"
    assert spreadsheet_cell("\u00a0@sum") == "'@sum"


def test_a_reason_names_what_failed_once():
    assert named_reason("a.mp3", "is empty") == "a.mp3: is empty"
    assert named_reason("a.mp3", "a.mp3: is empty") == "a.mp3: is empty"
