"""The progress bar shows up for people only, and changes nothing."""

from __future__ import annotations

import sys

import pytest

from moodprint.cli.progress import progress


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture) -> None:
    assert list(progress(range(3), "Listening", 3)) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar_unless_told_to_be_quiet(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(progress(range(3), "Listening", 3, quiet=True)) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")
    assert list(progress(range(3), "Listening", 3)) == [0, 1, 2]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Listening" in shown.err
