"""What a killed run leaves behind, and how it is taken up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fake_analysis import answer

from moodprint.errors import InputError, OptionError
from moodprint.prediction import Failure
from moodprint.recognition.journal import Journal

OPTIONS = {"model": None, "hop_s": 2.5}
ANSWERS = [answer(f"{name}.mp3", 3.25, level) for name, level in [("a", 0.3), ("b\n\udcff", 1 / 3)]]
FAILURE = Failure("c.mp3", "c.mp3: is empty (0 bytes)")


def cut_short(path: Path) -> None:
    """A run that wrote its results and was killed."""
    with Journal(path, OPTIONS, resume=False) as journal:
        assert list(journal.kept([*ANSWERS, FAILURE])) == [*ANSWERS, FAILURE]


def test_answers_are_taken_up_and_failures_with_them(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal"
    cut_short(path)
    with Journal(path, OPTIONS, resume=True) as journal:
        assert list(journal.answered) == [was.source for was in (*ANSWERS, FAILURE)]
        for was in (*ANSWERS, FAILURE):
            assert journal.answered[was.source].to_dict() == was.to_dict()


def test_without_resume_the_old_results_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    cut_short(path)
    with Journal(path, OPTIONS, resume=False) as journal:
        assert journal.answered == {}
        assert len(path.read_text().splitlines()) == 1


def test_a_journal_without_results_is_not_left_behind(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal", OPTIONS, resume=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_may_be_killed_at_any_byte(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    cut_short(path)
    whole = path.read_bytes()
    lines = [0, *(n + 1 for n, byte in enumerate(whole) if byte == ord("\n"))]
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with Journal(path, OPTIONS, resume=True) as journal:
            complete = sum(end <= length for end in lines[2:])
            assert len(journal.answered) == complete


def test_a_run_taken_up_may_be_killed_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, OPTIONS, resume=True) as journal:
        list(journal.kept(ANSWERS[:1]))
    with path.open("a") as file:
        file.write('{"source": "half')
    with Journal(path, OPTIONS, resume=True) as journal:
        list(journal.kept(ANSWERS[1:]))
    with Journal(path, OPTIONS, resume=True) as journal:
        assert len(journal.answered) == 2


def test_a_run_with_other_options_is_not_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    cut_short(path)
    before = path.read_bytes()
    with pytest.raises(OptionError, match="had other options"):
        Journal(path, OPTIONS | {"hop_s": 1.0}, resume=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("line", ["no json", "[]", '{"source": "a.mp3"}', "{}"])
def test_a_file_that_is_no_journal_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "journal"
    cut_short(path)
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(OptionError, match="is broken"):
        Journal(path, OPTIONS, resume=True)


def test_the_finish_removes_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, OPTIONS, resume=False) as journal:
        assert path.exists()
        journal.finish()
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        Journal(tmp_path / "file" / "journal", OPTIONS, resume=False)


def test_without_a_path_nothing_is_kept(tmp_path: Path) -> None:
    with Journal(None, OPTIONS, resume=False) as journal:
        assert list(journal.kept(ANSWERS)) == ANSWERS
        journal.finish()


FULL = """
import resource
import sys
import subprocess
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from fake_analysis import answer
from moodprint.errors import InputError
from moodprint.recognition.journal import Journal

resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    with Journal(Path("journal"), {options!r}, resume=False) as journal:
        for done in journal.kept(answer(f"{{n}}.mp3", 1.0, 0.5) for n in range(99)):
            pass
except InputError as error:
    sys.exit(str(error))
"""


def test_a_full_disk_is_one_line_and_the_answers_so_far_stay(tmp_path: Path) -> None:
    program = FULL.format(paths=sys.path, options=OPTIONS)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr) == (
        1,
        b"journal: cannot be written (File too large)\n",
    )
    with Journal(tmp_path / "journal", OPTIONS, resume=True) as journal:
        assert 1 <= len(journal.answered) < 99
