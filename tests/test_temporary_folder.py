"""A temporary folder goes with its process, or with the next one that asks."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from moodprint.files import temporary_folder

_KILLED = """
import os, signal
from moodprint.files import temporary_folder
with temporary_folder() as folder:
    (folder / "index").mkdir()
    (folder / "index" / "data").write_bytes(b"sound")
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _old(folder: Path) -> Path:
    os.utime(folder, (0, 0), follow_symlinks=False)
    return folder


def _left_by_a_killed_process() -> Path:
    words = [sys.executable, "-c", _KILLED]
    printed = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return Path(printed.strip())


def test_it_goes_when_the_block_ends(place: Path) -> None:
    with temporary_folder() as folder:
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_one(place: Path) -> None:
    left = _left_by_a_killed_process()
    assert (left / "index" / "data").exists()
    with temporary_folder():
        assert left.exists(), "a new one may be about to take its lock"
    _old(left)
    with temporary_folder():
        assert not left.exists()


def test_that_of_a_living_process_stays(place: Path) -> None:
    with temporary_folder() as living:
        _old(living)
        with temporary_folder():
            assert living.exists()


def test_what_is_not_ours_stays(place: Path) -> None:
    theirs = place / "theirs"
    theirs.mkdir()
    (theirs / ".lock").touch()
    link, bare, file = (place / f"moodprint-{name}" for name in ("link", "bare", "file"))
    link.symlink_to(theirs)
    bare.mkdir()
    file.touch()
    for each in (link, bare, file):
        _old(each)
    with temporary_folder():
        assert (theirs / ".lock").exists()
        assert bare.exists()
        assert file.exists()
