"""Progress bars are for people who watch: nothing reaches a pipe, and no terminal is spoiled."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from moodprint.cli.progress_bar import progress_bar

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """Report two stages to a terminal of so many columns; gives what it got, raw."""

    def shown(columns: int = 100, *, quiet: bool = False) -> str:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        with progress_bar(quiet=quiet) as progress:
            for done in range(1, 4):
                progress("find songs", done, 3)
            progress("compare [bold]harmonies", 1, 2)
        out, err = capsys.readouterr()
        assert out == "", "results alone go to standard output"
        return err

    return shown


def test_each_stage_has_its_bar_and_its_count(terminal) -> None:
    text = ESCAPE.sub("", terminal())
    assert "find songs" in text
    assert "3/3" in text
    assert "compare [bold]harmonies" in text, "a name is no markup"
    assert "1/2" in text


def test_without_a_terminal_nothing_is_shown_and_rich_stays_unloaded() -> None:
    code = (
        "import sys; from moodprint.cli.progress_bar import progress_bar\n"
        "with progress_bar() as progress: progress('find songs', 1, 2)\n"
        "sys.exit('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_quiet_shows_nothing_on_a_terminal(terminal) -> None:
    assert terminal(quiet=True) == ""


def test_no_color_is_respected(terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    colour = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])(?:;\d+)*m")
    assert colour.search(terminal()), "there are colours to leave out"
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colour.search(terminal())


@pytest.mark.parametrize("columns", [20, 40, 59, 60, 80, 200])
def test_lines_fit_the_terminal(terminal, columns: int) -> None:
    lines = re.split(r"[\r\n]", ESCAPE.sub("", terminal(columns)))
    assert max(map(len, lines)) <= columns
    assert any("3/3" in line for line in lines), "the count is what a narrow terminal keeps"


def test_the_bars_are_gone_at_the_end(terminal) -> None:
    assert terminal().rstrip("\r").endswith("\x1b[2K"), "the last line is erased"


def test_a_stage_may_learn_its_total_later(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress_bar() as progress:
        progress("write clips", 0, 0)
        progress("write clips", 4, 8)
    assert "4/8" in ESCAPE.sub("", capsys.readouterr().err)


def test_an_error_within_passes_and_the_terminal_is_left_clean(terminal, capsys) -> None:
    def fail() -> None:
        with progress_bar() as progress:
            progress("find songs", 1, 3)
            raise ValueError("broken")

    terminal()
    with pytest.raises(ValueError, match="broken"):
        fail()
    assert "\x1b[?25h" in capsys.readouterr().err, "the cursor is shown again"
