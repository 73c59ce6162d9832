"""Answers onto disk or into a stream, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import PathLike
from pathlib import Path, PurePath
from typing import BinaryIO

from moodprint.errors import OptionError
from moodprint.files import write_output
from moodprint.outputs import AnyPath
from moodprint.prediction import Answer, Timeline
from moodprint.reports.exports.formats import Exporter, FileFormat, ListFormat

_LONGEST_STEM = 120
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')


def save(answers: Sequence[Answer], form: Exporter, target: AnyPath | BinaryIO) -> tuple[Path, ...]:
    """Write to a stream, a file or a folder, and say which files came of it.

    A list format goes to one file. A format that describes one file takes the one analysed
    file of ``answers``; where there are several, or the target is a folder, each goes to a file of
    its own in that folder, made when missing: ``song.mp3`` becomes ``song.vtt``, a second
    ``song`` becomes ``song-2.vtt``. Failures have no file there; with failures alone nothing is
    written.

    Raises:
        OptionError: several files for a stream, or for a path that is a file.
        NoPermissionError, InputError: the target cannot be written.
    """
    if isinstance(target, str | PathLike):
        target = Path(target)
    if isinstance(form, ListFormat):
        return _put(form.render(answers), target)
    timelines = [answer for answer in answers if isinstance(answer, Timeline)]
    if isinstance(target, Path) and (target.is_dir() or len(timelines) > 1):
        return _save_each(timelines, form, target)
    if len(timelines) > 1:
        raise several(form, len(timelines))
    return _put(form.render(timelines[0]), target) if timelines else ()


def several(form: FileFormat, count: int) -> OptionError:
    """The error for so many files where a format takes one."""
    return OptionError(
        f"{form.name} describes one file and there are {count}: name a folder to write them to, "
        "one file each"
    )


def file_names(sources: Sequence[str], suffix: str) -> list[str]:
    """A name for each source, all different (also where case does not count), in order."""
    taken: set[str] = set()
    names = []
    for source in sources:
        stem = _NOT_IN_A_NAME.sub("_", PurePath(source).stem)[:_LONGEST_STEM].strip(". ")
        stem = stem or "untitled"
        tries = (f"{stem}-{n}{suffix}" if n > 1 else f"{stem}{suffix}" for n in range(1, 10**9))
        name = next(name for name in tries if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _save_each(timelines: Sequence[Timeline], form: FileFormat, folder: Path) -> tuple[Path, ...]:
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"{several(form, len(timelines))}; {folder} is a file")
    names = file_names([timeline.source for timeline in timelines], form.suffix)
    paths = [folder / name for name in names]
    for path, timeline in zip(paths, timelines, strict=True):
        _put(form.render(timeline), path)
    return tuple(paths)


def _put(data: bytes, target: Path | BinaryIO) -> tuple[Path, ...]:
    if not isinstance(target, Path):
        target.write(data)
        return ()
    write_output(target, data)
    return (target,)
