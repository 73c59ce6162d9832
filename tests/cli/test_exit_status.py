"""Errors are one line, whatever a file is called."""

from __future__ import annotations

import pytest

from moodprint.cli.exit_status import print_error, tell_people


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("Ünï — 音.mp3: is empty", "moodprint: Ünï — 音.mp3: is empty"),
        ("a\nb\t.mp3: \x1b[31mred", r"moodprint: a b .mp3: \x1b[31mred"),
        (ValueError("x"), "moodprint: x"),
    ],
)
def test_an_error_is_one_line(capsys: pytest.CaptureFixture, error: object, line: str) -> None:
    print_error(error)
    assert capsys.readouterr().err == f"{line}\n"


def test_bytes_that_are_no_text_are_told_as_escapes(capfdbinary) -> None:
    print_error("\udcff.mp3: is empty")
    assert b"ff.mp3: is empty\n" in capfdbinary.readouterr().err


@pytest.mark.parametrize(("terminal", "written"), [(True, "a b: 3 rows\n"), (False, "")])
def test_people_are_told_what_was_made_and_programs_are_not(monkeypatch, capsys, terminal, written):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    tell_people("a\nb: 3 rows")
    assert capsys.readouterr().err == written
