"""A full disk ends every command by one line that names the file, and leaves no traceback."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from command_lines import LINES, NEEDS, fill_folder

PROGRAM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
from moodprint.cli.app import main
main()
"""
"""No file becomes larger than 1 kB, for workers neither: the system says so as for a full disk."""

WRITE_LITTLE = {"corpus split", "corpus validate", "evaluate music", "evaluate notes", "teach"}
"""What writes nothing, or not enough."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("prepared")
    fill_folder(folder)
    return folder


@pytest.mark.parametrize(
    ("command", "words"),
    [(name, line) for name, lines in LINES.items() for line in lines if name not in WRITE_LITTLE],
)
def test_a_full_disk_is_one_line(prepared, tmp_path, command: str, words: str) -> None:
    for package in NEEDS.get(command, ()):
        pytest.importorskip(package)
    folder = tmp_path / "work"
    shutil.copytree(prepared, folder)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command.split(), *words.split()],
        cwd=folder,
        capture_output=True,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err
    assert done.returncode in (0, 1)
    if done.returncode:
        assert re.fullmatch(r"moodprint: .+: cannot be written \(File too large\)\n", err)
    else:
        assert not set(_files_named(words)) - {path.name for path in folder.iterdir()}
    assert not list(folder.rglob(".moodprint-*.draft"))


def _files_named(words: str) -> list[str]:
    """What a line asks to be made, where it could be small enough."""
    return re.findall(r"--(?:out|report|index|cut) (\S+)", words)
