"""Files come whole or not at all, whatever happens meanwhile."""

import contextlib
import hashlib
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.errors import InputError, NoPermissionError
from moodprint.files import (
    DRAFTS,
    atomic_file,
    hash_file,
    write_atomically,
    write_output,
)


@given(content=st.binary() | st.text(st.characters(codec="utf-8")))
def test_what_is_written_comes_back(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "file"
    write_atomically(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)


def test_half_a_character_becomes_a_question_mark(tmp_path):
    write_atomically(tmp_path / "file", "caf\udce9 \ud83d")
    assert (tmp_path / "file").read_bytes() == b"caf? ?"


def test_a_name_of_bytes_that_are_no_text_can_be_written(tmp_path):
    name = os.fsdecode(b"caf\xe9")
    write_atomically(tmp_path / name, "x")
    assert [os.fsencode(path.name) for path in tmp_path.iterdir()] == [b"caf\xe9"]


def test_folders_are_made_and_an_old_file_is_replaced_without_a_trace(tmp_path):
    path = tmp_path / "new" / "folder" / "file.json"
    write_atomically(str(path), "old")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert [each.name for each in path.parent.iterdir()] == ["file.json"]


def test_an_error_of_the_writer_leaves_the_old_file_and_nothing_else(tmp_path):
    write_atomically(tmp_path / "file", "old")
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            _write_half(tmp_path / "file", error)
        assert (tmp_path / "file").read_text() == "old"
        assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def _write_half(path, error):
    with atomic_file(path) as file:
        file.write(b"half")
        raise error


def test_nothing_is_seen_before_the_block_ends(tmp_path):
    with atomic_file(tmp_path / "file") as file:
        file.write(b"x" * 100_000)
        file.flush()
        assert not (tmp_path / "file").exists()
    assert (tmp_path / "file").stat().st_size == 100_000


def test_a_killed_writer_leaves_the_old_file_and_at_most_a_draft(tmp_path):
    write_atomically(tmp_path / "file", "old")
    code = (
        "import os, signal, sys; from moodprint.files import atomic_file\n"
        "with atomic_file(sys.argv[1]) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "file")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "file").read_text() == "old"
    left = set(tmp_path.iterdir()) - {tmp_path / "file"}
    assert left == set(tmp_path.glob(DRAFTS))
    assert len(left) == 1


def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path):
    write_atomically(tmp_path / "file", "old")
    with _largest_file(4096), pytest.raises(InputError, match=r"file: cannot be written \(File"):
        write_atomically(tmp_path / "file", b"x" * 100_000)
    assert (tmp_path / "file").read_text() == "old"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


@contextlib.contextmanager
def _largest_file(size):
    """What a process meets on a full disk: no file grows past ``size`` bytes."""
    usual, ceiling = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, ceiling))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, ceiling))
        signal.signal(signal.SIGXFSZ, handler)


def test_the_draft_has_a_name_of_its_own_each_time(tmp_path):
    names = set()
    for _ in range(5):
        with atomic_file(tmp_path / "file"):
            names |= {path.name for path in tmp_path.glob(DRAFTS)}
    assert len(names) == 5


def test_a_link_planted_where_the_draft_goes_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr("moodprint.files.token_hex", lambda _: "guessed")
    victim = tmp_path / "victim"
    victim.write_text("mine")
    planted = tmp_path / ".moodprint-guessed.draft"
    planted.symlink_to(victim)
    with pytest.raises(InputError, match="exists"):
        write_atomically(tmp_path / "file", "theirs")
    assert victim.read_text() == "mine"
    assert planted.is_symlink()
    assert not (tmp_path / "file").exists()


def test_a_link_at_the_place_itself_is_replaced_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "file").symlink_to(tmp_path / "victim")
    write_atomically(tmp_path / "file", "new")
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "file").is_symlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(NoPermissionError, match=r"file: cannot be written \(Permission denied\)"):
        write_atomically(tmp_path / "file", "x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_folder_that_nobody_may_write_is_said_to_nobody(tmp_path):
    code = (
        "import os; from moodprint.files import write_atomically; os.setuid(65_534)\n"
        "write_atomically('file', 'x')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.stderr.endswith("NoPermissionError: file: cannot be written (Permission denied)\n")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_one_is_said(tmp_path):
    (tmp_path / "file").touch()
    for place, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "file" / "x", "File exists"),
        (tmp_path / ("x" * 300), "File name too long"),
    ):
        with pytest.raises(InputError, match=why):
            write_atomically(place, "x")
    for write in (write_atomically, write_output):
        with pytest.raises(InputError, match="NUL"):
            write(f"{tmp_path}/a\0b", "x")
        with pytest.raises(InputError, match="half a character"):
            write(f"{tmp_path}/a\ud800b", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert list(tmp_path.parent.glob(DRAFTS)) == []


def test_a_file_has_the_mode_that_the_user_gives_to_new_ones(tmp_path):
    for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
        before = os.umask(mask)
        try:
            write_atomically(tmp_path / "file", "x")
        finally:
            os.umask(before)
        assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_end(
    tmp_path, monkeypatch
):
    steps = []
    sync, move = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda f: steps.append(_kind(f)) or sync(f))
    monkeypatch.setattr(Path, "replace", lambda a, b: steps.append("name") or move(a, b))
    write_atomically(tmp_path / "file", "x")
    assert steps == ["file", "name", "folder"]


def _kind(handle):
    return "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"


def test_an_output_that_is_a_link_or_a_device_is_written_to_as_it_is(tmp_path):
    (tmp_path / "far").write_text("old and longer")
    (tmp_path / "link").symlink_to(tmp_path / "far")
    write_output(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far").read_text() == "new"
    write_output(os.devnull, b"x")
    assert Path(os.devnull).is_char_device()


def test_an_output_that_is_a_file_or_new_is_replaced_at_once(tmp_path):
    (tmp_path / "old").write_text("old")
    inode = (tmp_path / "old").stat().st_ino
    write_output(tmp_path / "old", "new")
    write_output(tmp_path / "folder" / "new", b"new")
    assert (tmp_path / "old").stat().st_ino != inode
    assert (tmp_path / "folder" / "new").read_bytes() == b"new"


def test_an_output_that_is_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="Is a directory"):
        write_output(tmp_path, "x")


@pytest.mark.parametrize("size", [0, 1, 262_144, 700_001])
def test_the_hash_is_that_of_all_bytes(size, tmp_path):
    content = bytes(n % 251 for n in range(size))
    (tmp_path / "file").write_bytes(content)
    expected = hashlib.blake2b(content, digest_size=20).hexdigest()
    assert hash_file(tmp_path / "file") == expected
    assert hash_file(str(tmp_path / "file"), hashlib.sha256) == hashlib.sha256(content).hexdigest()


def test_hashes_stay_what_stored_caches_and_manifests_hold(tmp_path):
    (tmp_path / "file").write_bytes(b"moodprint")
    assert hash_file(tmp_path / "file") == "2b1f7eb89a1eea12bea127fdd8e5a58c23c5d7f6"
    sha256 = "35d1a3902d4040661fb116b088fb04de34f85337388c5982e74014729bfbd8f3"
    assert hash_file(tmp_path / "file", hashlib.sha256) == sha256


def test_hashing_takes_flat_memory(tmp_path):
    with (tmp_path / "file").open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    try:
        hash_file(tmp_path / "file")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_no_file_no_hash(tmp_path):
    with pytest.raises(FileNotFoundError):
        hash_file(tmp_path / "none")


def limited(work: str, folder) -> subprocess.CompletedProcess:
    """Run a program in which no file may become larger than 4 kB, as on a disk that is full."""
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from moodprint.errors import InputError\n"
        "try:\n"
        f"    {work}\n"
        "except InputError as error:\n"
        "    sys.exit(str(error))\n"
    )
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True)


@pytest.mark.parametrize(
    "work",
    [
        "from moodprint.files import write_output; write_output('out', b'1' * 9000)",
        "from moodprint.files import write_atomically; write_atomically('out', '1' * 9000)",
        "import numpy, moodprint.files as f\n"
        "    with f.atomic_file('out') as file: numpy.save(file, numpy.zeros(9000))",
        "import numpy, moodprint.clip as c, moodprint.audio.encode as e\n"
        "    e.encode(c.Clip(numpy.zeros(9000), 8000), 'out.wav')",
        "import numpy, moodprint.clip as c, moodprint.audio.encode as e\n"
        "    noise = numpy.random.default_rng(1).uniform(-1, 1, 90000)\n"
        "    e.encode(c.Clip(noise, 8000), 'out.ogg')",
    ],
)
def test_a_full_disk_is_one_line_whatever_writes(tmp_path, work):
    done = limited(work, tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(rb"out(\.\w+)?: cannot be written \(File too large\)\n", done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_drafts_of_dead_writers_are_swept_and_those_of_living_ones_stay(tmp_path):
    dead, living, new = (tmp_path / DRAFTS.replace("*", name) for name in ("1", "2", "3"))
    for draft in (dead, living, new):
        draft.touch()
    for draft in (dead, living):
        os.utime(draft, (0, 0))
    with living.open("rb") as file:
        fcntl = pytest.importorskip("fcntl")
        fcntl.flock(file, fcntl.LOCK_EX)
        write_atomically(tmp_path / "out", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["out", living.name, new.name]
    )
