"""The files that the words of a command line name: paths, folders, globs, a list on stdin."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from glob import has_magic, iglob
from pathlib import Path

from moodprint.audio.media import MEDIA_SUFFIXES, find_media
from moodprint.errors import NoMediaFoundError
from moodprint.prediction import Failure
from moodprint.text_input import decode_text, has_byte_order_mark

STDIN = "-"


def named_files(words: Iterable[str]) -> list[str | Failure]:
    """The media files that the words name, each once, in order.

    A folder gives all media files below it, sorted. A word that is no path but has ``*``, ``?``
    or ``[`` is a pattern (``**`` crosses folders) that gives media files and the contents of
    folders. ``-`` reads words from standard input, parted by NUL or by line breaks. Where a
    folder or pattern gives nothing, a Failure says so; a path is not looked at yet.

    Raises:
        NoMediaFoundError: there is not one word.
    """
    entries: dict[str, str | Failure] = {}
    for word in _with_stdin(words):
        for entry in _named_by(word):
            name = entry if isinstance(entry, str) else entry.source
            entries.setdefault(os.path.normpath(name), entry)
    if not entries:
        raise NoMediaFoundError("the list on standard input is empty")
    return list(entries.values())


def _with_stdin(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if word == STDIN:
            yield from _words_on_stdin()
        else:
            yield word


def _words_on_stdin() -> list[str]:
    """Names are bytes, in whatever encoding the files have; a list that begins with a byte order
    mark is text, as some editors write it.
    """
    data = sys.stdin.buffer.read()
    if has_byte_order_mark(data):
        data = os.fsencode(decode_text(data, "standard input"))
    parts = data.split(b"\0") if b"\0" in data else data.splitlines()
    return [os.fsdecode(part) for part in parts if part]


def _named_by(word: str) -> list[str | Failure]:
    path = Path(word)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on a name with a NUL or too long
        return _in_folder(path) or [Failure(word, f"{word}: holds no audio or video files")]
    if os.path.lexists(path) or not has_magic(word):
        return [word]
    matches = sorted(iglob(word, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute one
    found = [entry for match in matches for entry in _matched(match)]
    return found or [Failure(word, f"{word}: no audio or video file has such a name")]


def _matched(match: str) -> list[str | Failure]:
    path = Path(match)
    if path.is_dir():
        return _in_folder(path)
    return [match] if path.suffix.lower() in MEDIA_SUFFIXES else []


def _in_folder(folder: Path) -> list[str | Failure]:
    return [str(path) for path in find_media(folder)]
