"""What processes share: folders that one of them sweeps, and locks that one of them holds."""

import subprocess
import sys

import pytest

from moodprint.errors import CorpusError, InputError
from moodprint.files import DRAFTS, locked, sweep_drafts


def test_drafts_are_swept_and_nothing_else(tmp_path):
    draft, inner = DRAFTS.replace("*", "1"), DRAFTS.replace("*", "2")
    (tmp_path / "deep").mkdir()
    for name in (draft, f"deep/{inner}", "deep/kept.wav", ".hidden"):
        (tmp_path / name).touch()
    sweep_drafts(tmp_path)
    assert {path.name for path in tmp_path.rglob("*")} == {"deep", "kept.wav", ".hidden"}


HOLDER = """
import sys, time
from moodprint.errors import CorpusError
from moodprint.files import locked
with locked(sys.argv[1], CorpusError("busy")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_by_one_process_until_it_ends(tmp_path):
    lock = tmp_path / "new" / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(CorpusError, match="try later"), locked(lock, CorpusError("try later")):
            pass
        other.kill()
    with locked(lock, CorpusError("try later")):
        pass
    with locked(lock, CorpusError("again")):
        pass


def test_a_lock_that_cannot_be_made_names_its_file(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match="file/lock"),
        locked(tmp_path / "file" / "lock", CorpusError("busy")),
    ):
        pass
