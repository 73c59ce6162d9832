"""A standard output that cannot be written: one line, and the status of a failure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from every_command import COMMANDS

PROGRAM = [sys.executable, "-c", "from moodprint.cli.app import main; main()"]
FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")


def line(reason: str) -> bytes:
    return f"moodprint: standard output: cannot be written ({reason})\n".encode()


@needs_full
@pytest.mark.parametrize(
    "words", [["models", "list"], ["models", "info", "--json"], ["--help"], ["--version"]]
)
def test_a_full_disk_is_one_line(words: list[str]) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run([*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, line("No space left on device"))


@needs_full
@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.words)
def test_the_help_of_every_command_onto_a_full_disk_is_one_line(command) -> None:
    with FULL.open("wb") as full:
        words = [*PROGRAM, *command.words.split()[1:], "--help"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, line("No space left on device"))


def test_a_reader_that_left_is_one_line() -> None:
    with subprocess.Popen(
        [*PROGRAM, "models", "info"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        run.stdout.close()
        assert run.stderr.read() == line("Broken pipe")
    assert run.returncode == 1


@pytest.mark.parametrize("words", ["models list", "models info --json"])
def test_an_output_that_was_closed_before_is_one_line(words: str) -> None:
    program = f'{sys.executable} -c "from moodprint.cli.app import main; main()" {words} >&-'
    done = subprocess.run(["sh", "-c", program], stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, line("it is closed"))


def test_where_nobody_reads_errors_either_the_status_tells(tmp_path) -> None:
    program = f'{sys.executable} -c "from moodprint.cli.app import main; main()" analyze none 2>&-'
    assert subprocess.run(["sh", "-c", program], cwd=tmp_path).returncode == 1
    with FULL.open("wb") as full:
        done = subprocess.run([*PROGRAM, "models", "info", "none"], stderr=full, cwd=tmp_path)
    assert done.returncode == 2
