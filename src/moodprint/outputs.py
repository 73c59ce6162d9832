"""What is made sure of outputs before work begins: no work is lost, and nothing of the user's.

``claimed`` is for whoever writes something: every command that does asks it first.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from itertools import takewhile
from os import PathLike
from pathlib import Path

from moodprint.errors import InputError, NoPermissionError, OptionError
from moodprint.files import hash_text, locked

AnyPath = str | PathLike[str]

_LOCK = ".moodprint.lock"
_LONGEST_NAME = 60
"""Letters of a name that its lock repeats: a name takes 255 bytes, and a letter up to four."""


@contextlib.contextmanager
def claimed(
    *,
    files: Iterable[AnyPath | None] = (),
    folders: Iterable[AnyPath | None] = (),
    sources: Iterable[AnyPath] = (),
    special: bool = True,
) -> Iterator[None]:
    """Check the files and folders to be written (None: not asked for), and keep other runs of ours
    off them until the block ends, or the process does.

    ``sources`` are the files that are read. A pipe, a device or a link is written to as it is,
    unless ``special`` is False; then it is refused. Folders that are made and stay empty go again.

    Raises:
        OptionError: an output is a source, another output, of the wrong sort, or lies in what
            another makes a file. NoPermissionError: nothing can be written there.
        InputError: another run is writing there.
    """
    to_write = [path for path in files if path is not None]
    to_fill = [path for path in folders if path is not None]
    refuse_collisions([*to_write, *_no_folders(to_fill)], sources)
    locks = {path: Path(path) / _LOCK for path in to_fill}
    for path in to_write:
        if is_plain(path):
            locks[path] = _lock_of(Path(path))
        elif not special:
            raise OptionError(f"{path}: is a pipe, a device or a link; name a file")
    for path in [*to_write, *locks.values()]:
        refuse_unwritable(path)
    with contextlib.ExitStack() as held:
        held.callback(_remove_empty, [new for lock in locks.values() for new in _missing(lock)])
        for path, lock in locks.items():
            busy = InputError(f"{path}: another run is writing there; wait for it, or name another")
            held.enter_context(locked(lock, busy, remove=True))
        yield


def refuse_collisions(outputs: Iterable[AnyPath | None], sources: Iterable[AnyPath]) -> None:
    """Refuse files to write (None: not asked for) that would destroy something.

    Files are the same whatever they are called: by another path, or through a link. Pipes and
    devices are no files: ``/dev/null`` may be named twice.

    Raises:
        OptionError: an output is one of the sources, another output, a folder, or lies in what
            another output makes a file.
    """
    named: dict[object, AnyPath] = {}
    for path in outputs:
        if path is None:
            continue
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on some of the names tried here
            raise OptionError(f"{path}: is a folder, a file was expected")
        identity = _identity(path)
        if identity is None:
            continue
        if identity in named:
            raise OptionError(f"{path}: is to be written twice, also as {named[identity]}")
        named[identity] = path
    _refuse_nested(named.values())
    for source in sources:
        output = named.get(_identity(source))
        if output is not None:
            raise OptionError(f"{output}: is one of the files to read, and stays as it is")


def refuse_unwritable(path: AnyPath | None) -> None:
    """Refuse a file that cannot be made: try the nearest folder that is there, by a file in it.

    A link, a pipe and a device are left to whoever writes.

    Raises:
        NoPermissionError: nothing can be written there.
    """
    if path is None or not is_plain(path):
        return
    folder = next(parent for parent in Path(path).absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NoPermissionError(f"{path}: cannot be written ({error.strerror})") from error


def is_plain(path: AnyPath) -> bool:
    """Whether a file or folder is there under that name, or nothing: no link, pipe or device."""
    path = Path(path)
    return not path.is_symlink() and (not path.exists() or path.is_file() or path.is_dir())


def _no_folders(folders: Iterable[AnyPath]) -> Iterator[AnyPath]:
    """Those that are not there yet. Raises OptionError for what is there and no folder."""
    for folder in folders:
        if os.path.isdir(folder):  # noqa: PTH112 - as above
            continue
        if os.path.lexists(folder):
            raise OptionError(f"{folder}: is no folder, a folder was expected")
        yield folder


def _missing(path: Path) -> list[Path]:
    """The folders above a path that are not there, the inner ones first."""
    return list(takewhile(lambda folder: not folder.exists(), path.parents))


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # it is not empty, or was never made
            folder.rmdir()


def _lock_of(path: Path) -> Path:
    """The file that stands for the right to write another; hidden, beside it."""
    name = path.name
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}-{hash_text(name)}"
    return path.with_name(f".{name}{_LOCK}")


def _refuse_nested(paths: Iterable[AnyPath]) -> None:
    places = {os.path.abspath(path): path for path in paths}  # noqa: PTH100 - as above
    for place, path in places.items():
        for parent in Path(place).parents:
            if str(parent) in places:
                raise OptionError(f"{path}: lies in {places[str(parent)]}, which is to be a file")


def _identity(path: AnyPath) -> object:
    """The same for all names of a file; of one that is not there yet, of its folder and name.
    None for what is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
        return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
    except (OSError, ValueError):
        pass
    try:
        folder, name = os.path.split(os.path.realpath(path))
        status = os.stat(folder)  # noqa: PTH116 - as above
        return status.st_dev, status.st_ino, name
    except (OSError, ValueError):
        return os.path.abspath(path)  # noqa: PTH100 - as above
