"""Files written whole or not at all, the hash of a file's bytes, and locks between processes."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from moodprint.errors import InputError, MoodprintError, NoPermissionError

DRAFTS = ".moodprint-*.draft"
"""The names under which files are written before they take their places: what a process that was
killed midway leaves in a folder."""

_TEMPORARY = "moodprint-"
_LOCK = ".lock"

_NEW_S = 60.0
"""How old a draft or a temporary folder is before it may be taken for a dead writer's."""

BLAKE2B_160 = partial(hashlib.blake2b, digest_size=20)
"""The hash by which caches name content: 160 bits tell any files apart, at twice the speed of
SHA-256."""


@contextlib.contextmanager
def atomic_file(path: str | Path) -> Iterator[BinaryIO]:
    """A binary file to write to, which takes its place at ``path`` when the block ends well.

    Readers see the old file or the new one, never a part, whether an error, a kill or a power cut
    comes in between: the bytes are on the disk before the name points to them, and the name is
    before this returns. After an error nothing is left; what a killed writer left is removed by the
    next one in that folder. The folder is made where it is missing. The file beside is made anew
    under a name that nobody can guess, so no link that somebody planted is followed; a link at
    ``path`` itself is replaced, not followed.

    Raises:
        NoPermissionError, InputError: the file cannot be written (no permission, a full disk, a
        folder of that name). Other errors of the block pass through.
    """
    path = Path(path)
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep_once(path.parent)
        draft = path.with_name(DRAFTS.replace("*", token_hex(8)))
        with _Draft(draft, "xb") as raw:  # exclusively; the mode is the usual one, by the umask
            try:
                _try_lock(raw.descriptor)
                with io.BufferedWriter(raw) as file:
                    try:
                        yield file
                    finally:
                        file.flush()
                        raw.raise_failure()
                    os.fsync(raw.descriptor)
                    draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)


class _Draft(io.FileIO):
    """A file that keeps the first error of writing for the end, and drops what comes after it.

    Libraries make of such an error one of their own without a reason, or print it.
    """

    _failure: OSError | None = None

    @property
    def descriptor(self) -> int:
        """The number of the open file; ``fileno`` gives none, so that nobody writes past us."""
        return super().fileno()

    def fileno(self) -> int:
        raise io.UnsupportedOperation("written by write alone")

    def write(self, data: Any) -> int:
        if self._failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self._failure = error
        return memoryview(data).nbytes

    def raise_failure(self) -> None:
        """Raise the error that was kept, if there is one."""
        if self._failure is not None:
            raise self._failure


def write_atomically(path: str | Path, content: bytes | str) -> None:
    """Put the content at ``path``, whole or not at all: see ``atomic_file``.

    Text becomes UTF-8, with ``?`` for what that cannot hold: half a character, as names of files
    from elsewhere bring it along.
    """
    with atomic_file(path) as file:
        file.write(_bytes(content))


def write_output(path: str | os.PathLike[str], content: bytes | str) -> None:
    """Put the content where a user said: a plain file as ``write_atomically`` does.

    A pipe, a device or a link (``/dev/stdout`` is one) is written to as it is: to put a file in
    its place would take it away from everybody.

    Raises:
        NoPermissionError, InputError: it cannot be written.
    """
    path = Path(path)
    with _explained(path):
        is_plain = not path.is_symlink() and (path.is_file() or not path.exists())
        if not is_plain:
            path.write_bytes(_bytes(content))
            return
    write_atomically(path, content)


def hash_file(path: str | Path, algorithm: Callable[[], Any] = BLAKE2B_160) -> str:
    """The hash of a file's bytes in hex, in flat memory; ``algorithm`` is one of hashlib's.

    Raises:
        OSError: the file cannot be read.
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def hash_text(text: str) -> str:
    """A short name for a text: 32 bits of the hash of its UTF-8, in hex."""
    return BLAKE2B_160(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def sweep_drafts(folder: str | Path) -> None:
    """Remove what killed writers left under a folder; only for one who holds the folder's lock."""
    for draft in Path(folder).rglob(DRAFTS):
        draft.unlink(missing_ok=True)


@lru_cache(maxsize=4096)
def _sweep_once(folder: Path) -> None:
    """Remove the drafts in a folder whose writers are dead, the first time that this process asks:
    a living one holds a lock. New ones are left, whose writer may be about to take it."""
    for draft in folder.glob(DRAFTS):
        with contextlib.suppress(OSError), draft.open("rb") as file:
            age_s = time.time() - os.fstat(file.fileno()).st_mtime
            if age_s > _NEW_S and _try_lock(file.fileno()):
                draft.unlink(missing_ok=True)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder in the system's place for such, which goes when the block ends.

    What a killed process left is removed by the next one that asks: a living one holds a lock.
    """
    _sweep_folders(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=_TEMPORARY) as folder,
        (Path(folder) / _LOCK).open("xb") as lock,
    ):
        _try_lock(lock.fileno())
        yield Path(folder)


def _sweep_folders(place: Path) -> None:
    """Remove temporary folders of this user whose processes are dead; new ones are left."""
    for folder in place.glob(f"{_TEMPORARY}*"):
        with contextlib.suppress(OSError):
            told = folder.lstat()
            ours = stat.S_ISDIR(told.st_mode) and told.st_uid == os.geteuid()
            if not ours or time.time() - told.st_mtime < _NEW_S:
                continue
            with open(folder / _LOCK, "rb", opener=_no_link) as lock:
                if _try_lock(lock.fileno()):
                    shutil.rmtree(folder, ignore_errors=True)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


@contextlib.contextmanager
def locked(path: str | Path, busy: MoodprintError, *, remove: bool = False) -> Iterator[None]:
    """Hold the lock that a file stands for, as ``open_locked``; ``remove`` it at the end."""
    with open_locked(path, busy):
        try:
            yield
        finally:
            if remove:
                Path(path).unlink(missing_ok=True)


def open_locked(path: str | Path, busy: MoodprintError) -> io.FileIO:
    """A file to read and write, made with its folder where it is missing, that no other process
    has until it is closed.

    The system frees it when the process ends, however that happens. Where the system knows no
    ``flock`` (Windows) nothing is held. A link is not followed. It has no buffer, so that closing
    it writes nothing.

    Raises:
        ``busy``: another process has it. NoPermissionError, InputError: it cannot be made.
    """
    path = Path(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            file = io.FileIO(os.open(path, flags, 0o666), "r+b")
            try:
                if not _try_lock(file.fileno()):
                    raise busy
                if os.path.samestat(os.fstat(file.fileno()), path.lstat()):
                    return file
            except FileNotFoundError:
                pass  # its last holder has just removed it: this is no file that others would see
            except BaseException:
                file.close()
                raise
            file.close()


def _try_lock(descriptor: int) -> bool:
    """Take the lock of an open file; whether nobody else has it. Without locks all are free."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system that knows no locks
        return True
    return True


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def _sync_folder(folder: Path) -> None:
    """Bring names to the disk, where the system lets a folder be synced."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of the system as ours, under the name that the caller knows."""
    if "\0" in str(path):
        raise InputError(f"{str(path)!r}: cannot be written (a NUL in the name)")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise InputError(
            f"{str(path)!r}: cannot be written (half a character in the name)"
        ) from error
    try:
        yield
    except PermissionError as error:
        raise NoPermissionError(f"{path}: cannot be written ({error.strerror})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from error
