"""Standard output that says what is wrong with it: closed by its reader, or a full disk."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moodprint.errors import InputError


class _Checked(io.FileIO):
    """An open file whose first failing is an error of ours, in one line; what comes after that is
    dropped, so that leaving does not fail once more."""

    _failed = False

    def write(self, data: Any) -> int:
        if not self._failed:
            try:
                return super().write(data)
            except OSError as error:
                self._failed = True
                raise _unwritable(error.strerror) from error
        return memoryview(data).nbytes


class _Closed(io.RawIOBase):
    """What stands for a standard output that was closed before we began."""

    _failed = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if not self._failed:
            self._failed = True
            raise _unwritable("it is closed")
        return memoryview(data).nbytes


@contextmanager
def checked_output() -> Iterator[None]:
    """While the block runs, printing what cannot be written raises InputError."""
    ours = sys.stdout
    if ours is None:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Closed()), encoding="utf-8")
    elif ours is sys.__stdout__ and isinstance(ours, io.TextIOWrapper):
        sys.stdout = _checked(ours)
    try:
        yield
    finally:
        sys.stdout = ours


def _checked(ours: io.TextIOWrapper) -> io.TextIOWrapper:
    """The same file, with the same way of writing text."""
    ours.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Checked(ours.fileno(), "wb", closefd=False)),
        encoding=ours.encoding,
        errors=ours.errors,
        line_buffering=ours.line_buffering,
    )


def _unwritable(reason: str | None) -> InputError:
    return InputError(f"standard output: cannot be written ({reason})")
