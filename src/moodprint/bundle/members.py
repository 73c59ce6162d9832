"""The files of a bundle, read with limits: a bundle may come from a stranger.

A member is a regular file of the folder, never a link, a pipe or a device, or an entry of the zip;
no more of it is read than its announced size, and no announced size is believed that a few bytes
claim.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import zlib
from lzma import LZMAError
from pathlib import Path
from typing import Any

from moodprint.errors import BundleError

CARD_BYTES = 1024**2
"""The longest card; that of the recogniser has 20 kB."""

WEIGHTS_BYTES = 1024**3
"""The largest file of weights: loaded, it would fill the gigabyte that any file may take."""

_MOST_EXPANDED = 200
"""How many times its packed size an entry of a zip may have. Weights hardly shrink, JSON tenfold;
a bomb is deflate's most, a thousand."""

_DIRECTORY_BYTES = 256 * 1024
"""The longest directory of a zip: some thousand entries."""


def read_member(path: Path, name: str, most_bytes: int) -> bytes:
    """The bytes of a file of the bundle at ``path``, a folder or zip.

    Raises:
        BundleError: there is no such bundle or file, it is larger than ``most_bytes``, no regular
            file, or a broken zip.
    """
    try:
        if path.is_dir():
            return _read_file(path / name, path, most_bytes)
        return _read_entry(path, name, most_bytes)
    except (KeyError, FileNotFoundError):
        raise BundleError(f"{path}: has no {name}; it is no model bundle, or not whole") from None
    except OSError as error:
        raise BundleError(f"{path}: is no model bundle ({error})") from error


def _read_file(file: Path, bundle: Path, most_bytes: int) -> bytes:
    with _opened(file, bundle) as opened:
        size = os.fstat(opened.fileno()).st_size
        if size > most_bytes:
            raise _too_large(bundle, file.name, most_bytes)
        content: bytes = opened.read(size)
    return content


def _opened(file: Path, bundle: Path) -> Any:
    """The file open for reading. A pipe would wait for ever, and a link may lead anywhere."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        number = os.open(file, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise BundleError(
                f"{bundle}: {file.name} is a link; a bundle holds its files itself"
            ) from error
        raise
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise BundleError(f"{bundle}: {file.name} is no regular file")
    return os.fdopen(number, "rb")


def _read_entry(path: Path, name: str, most_bytes: int) -> bytes:
    import zipfile  # 10 ms that a folder need not wait for

    if not stat.S_ISREG(path.stat().st_mode):
        raise BundleError(f"{path}: is no model bundle (neither a folder nor a regular file)")
    try:
        with path.open("rb") as file:
            _check_directory(file, path)
            with zipfile.ZipFile(file) as archive:
                entry = archive.getinfo(name)
                if entry.file_size > most_bytes:
                    raise _too_large(path, name, most_bytes)
                if entry.file_size > CARD_BYTES + _MOST_EXPANDED * entry.compress_size:
                    raise BundleError(f"{path}: {name} grows too much when it is unpacked")
                with archive.open(entry) as opened:
                    return opened.read(entry.file_size)
    except (
        zipfile.BadZipFile,
        zlib.error,
        LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise BundleError(f"{path}: is no model bundle ({error})") from error


def _check_directory(file: Any, path: Path) -> None:
    """Refuse a directory that would fill memory before any entry is looked at.

    The record at a zip's end (APPNOTE 4.3.16) has the directory's size at its byte 12; archives of
    the 64-bit kind, which bundles never need, say all ones there or keep a second record.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 22 - 0xFFFF - 20))
    end = file.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or len(end) < place + 22:
        raise BundleError(f"{path}: is no model bundle (neither a folder nor a zip)")
    (directory,) = struct.unpack_from("<L", end, place + 12)
    if directory > _DIRECTORY_BYTES or end[max(0, place - 20) : place].startswith(b"PK\x06\x07"):
        raise BundleError(f"{path}: is no model bundle (a zip of too many entries)")
    file.seek(0)


def _too_large(path: Path, name: str, most_bytes: int) -> BundleError:
    return BundleError(f"{path}: {name} is larger than {most_bytes:,} bytes; no bundle's is")
