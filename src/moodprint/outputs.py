"""What is checked of outputs before work begins, so that no work is lost and no file destroyed."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from moodprint.errors import NoPermissionError, OptionError

AnyPath = str | PathLike[str]


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
