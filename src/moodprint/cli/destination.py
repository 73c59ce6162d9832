"""Where results go: standard output, a file or a folder; checked before the work begins."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from moodprint.errors import NoPermissionError, OptionError
from moodprint.prediction import Failure, Timeline
from moodprint.reports.exports import FORMATS, FileFormat, exporter, read_json, write
from moodprint.reports.exports.as_json import JSON
from moodprint.reports.exports.saving import file_names

TABLE = "table"


@dataclass(frozen=True)
class Destination:
    """A format (a name in FORMATS, or "table") and a path, None for standard output."""

    format: str
    path: Path | None = None

    @classmethod
    def chosen(cls, format_name: str | None, path: Path | None) -> Destination:
        """Without a name, the format is told by the path's suffix; without both it is a table.

        Raises:
            OptionError: an unknown format or suffix, or a table into a file.
        """
        if format_name is None:
            format_name = TABLE if path is None else _format_of(path)
        if format_name != TABLE:
            exporter(format_name)
        elif path is not None:
            raise OptionError(f"a table is for the terminal; with --output choose {_known()}")
        return cls(format_name, path)

    def check(self, sources: Sequence[str], report: Path | None) -> None:
        """Refuse what could only fail after the work, and what would overwrite a source.

        Raises:
            OptionError, NoPermissionError.
        """
        form = FORMATS.get(self.format)
        targets = [path for path in (self.path, report, self.journal) if path is not None]
        if isinstance(form, FileFormat) and len(sources) > 1:
            if self.path is None or self.path.is_file():
                raise OptionError(
                    f"{form.name} describes one file and there are {len(sources)}: name a folder "
                    "with --output, they get a file each"
                )
        elif self.path is not None and self.path.is_dir() and not isinstance(form, FileFormat):
            raise OptionError(f"{self.path}: is a folder, a file was expected")
        if self.path is not None and isinstance(form, FileFormat):
            targets += [self.path / name for name in file_names(sources, form.suffix)]
        _refuse_sources(targets, sources)
        for path in (self.path, report):
            _refuse_unwritable(path)

    @property
    def journal(self) -> Path | None:
        """Where results are kept while the run goes on; None beside a pipe, a device or a link."""
        if self.path is None or not _is_plain(self.path):
            return None
        if self.path.is_dir():
            return self.path / ".moodprint.partial"
        return self.path.with_name(f"{self.path.name}.partial")

    @property
    def is_table(self) -> bool:
        return self.format == TABLE

    def answered(self) -> dict[str, Timeline | Failure]:
        """The analysed files that a finished output holds, by source. Only JSON is read back."""
        if self.path is None or self.format != JSON.name or not self.path.exists():
            return {}
        results = read_json(self.path)
        return {result.source: result for result in results if isinstance(result, Timeline)}

    def put(self, results: Sequence[Timeline | Failure]) -> None:
        if self.is_table:
            from moodprint.reports.terminal.table import show

            show(results)
            return
        write(results, self.format, self.path or sys.stdout.buffer)


def _format_of(path: Path) -> str:
    for form in FORMATS.values():
        if form.suffix == path.suffix.lower():
            return form.name
    raise OptionError(f"{path}: its suffix names no format; choose one with --format: {_known()}")


def _known() -> str:
    return ", ".join(FORMATS)


def _is_plain(path: Path) -> bool:
    return not path.is_symlink() and (not path.exists() or path.is_file() or path.is_dir())


def _refuse_sources(targets: Iterable[Path], sources: Iterable[str]) -> None:
    there = {_identity(target): target for target in targets}
    for source in sources:
        identity = _identity(source)
        if identity is not None and identity in there:
            raise OptionError(
                f"{there[identity]}: is one of the files to analyse, and stays as it is"
            )


def _identity(path: str | Path) -> tuple[int, int] | None:
    """The same for all names of a file; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path cannot hold every name that is tried here
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _refuse_unwritable(path: Path | None) -> None:
    """Try the nearest folder that is there, by making a file in it."""
    if path is None or not _is_plain(path):
        return
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NoPermissionError(f"{path}: cannot be written ({error.strerror})") from error
