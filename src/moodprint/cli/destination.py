"""Where answers go: standard output, a file or a folder; checked before the work begins."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from moodprint.cli.exit_status import tell_people
from moodprint.errors import OptionError
from moodprint.outputs import claimed, is_plain, refuse_collisions
from moodprint.prediction import Answer
from moodprint.reports.exports import FORMATS, FileFormat, exporter, exporter_for, read_json, write
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
        if path is None:
            return cls(TABLE if format_name is None else _known(format_name))
        if format_name == TABLE:
            known = ", ".join(FORMATS)
            raise OptionError(f"a table is for the terminal; for a file name one of {known}")
        return cls(exporter_for(path).name if format_name is None else _known(format_name), path)

    def claimed(
        self, sources: Sequence[str], report: Path | None = None
    ) -> AbstractContextManager[None]:
        """Refuse what could only fail after the work, and what would overwrite a source; keep
        other runs off until the block ends: see ``outputs.claimed``.

        Raises:
            OptionError, NoPermissionError, InputError.
        """
        files = self._files(sources)
        refuse_collisions([*files, report, self.journal], sources)
        folder = self.path if self.path not in files else None
        file = self.path if folder is None else None
        return claimed(files=[file, report], folders=[folder], sources=sources)

    def _files(self, sources: Sequence[str]) -> list[Path]:
        """The files that answers for these sources go to."""
        form = None if self.is_table else exporter(self.format)
        if not isinstance(form, FileFormat):
            return [] if self.path is None else [self.path]
        if len(sources) > 1 and not self._takes_one_each(form):
            raise OptionError(
                f"{form.name} describes one file and there are {len(sources)}: name a folder, "
                f"such as  --out {self._folder_for(form)} --format {form.name}  and each gets a "
                "file of its own there"
            )
        if self.path is None:
            return []
        if len(sources) > 1 or self.path.is_dir():
            return [self.path / name for name in file_names(sources, form.suffix)]
        return [self.path]

    def _takes_one_each(self, form: FileFormat) -> bool:
        """Whether the path can be a folder: one with the format's suffix was meant as a file."""
        if self.path is None or self.path.is_file():
            return False
        return self.path.is_dir() or self.path.suffix.lower() != form.suffix

    def _folder_for(self, form: FileFormat) -> str:
        """What a folder in the place of the path may be called, as it is typed."""
        name = form.name if self.path is None else self.path.with_suffix("")
        return shlex.quote(f"{name}/")

    @property
    def journal(self) -> Path | None:
        """Where answers are kept while the run goes on; None beside a pipe, a device or a link."""
        if self.path is None or not is_plain(self.path):
            return None
        if self.path.is_dir():
            return self.path / ".moodprint.partial"
        return self.path.with_name(f".{self.path.name}.moodprint.partial")

    @property
    def is_table(self) -> bool:
        """Whether people read the answers in a terminal."""
        return self.format == TABLE

    def answered(self) -> dict[str, Answer]:
        """The answers that a finished output holds, by source. Only JSON is read back."""
        if self.path is None or self.format != JSON.name or not self.path.exists():
            return {}
        return {answer.source: answer for answer in read_json(self.path)}

    def save(self, answers: Sequence[Answer]) -> None:
        """Write the answers where a path was named. Raises what ``exports.write`` raises."""
        if self.path is not None:
            write(answers, self.format, self.path)

    def show(self, answers: Sequence[Answer], *, quiet: bool = False) -> None:
        """Print the answers where no path was named: a table for people, or the format's bytes.
        Where one was, tell a terminal how many of each kind went there, unless ``quiet``."""
        if self.path is not None:
            if len(answers) > 1 and not quiet:
                from moodprint.reports.timeline_text import totals_words

                tell_people(f"{self.path}: {totals_words(answers)}")
            return
        if self.is_table:
            from moodprint.reports.terminal.table import show

            show(answers)
            return
        write(answers, self.format, sys.stdout.buffer)


def _known(format_name: str) -> str:
    return TABLE if format_name == TABLE else exporter(format_name).name
