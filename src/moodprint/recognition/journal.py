"""Answers kept on disk while a run goes on, so that a killed run can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self, TextIO

from moodprint.errors import NoPermissionError, OptionError
from moodprint.files import write_atomically
from moodprint.prediction import Answer, Timeline, answer_from_dict


class Journal:
    """A file of JSON lines: the options of the run, then one answer a line as each is ready.

    A line that a killed run left half written is dropped. ``answered`` holds the analysed files
    of the run that is taken up, by source; its failures are tried again. Without a path nothing
    is kept.

    Raises:
        OptionError: the run to be taken up had other options, or the file is no journal.
        NoPermissionError, InputError: the file cannot be written.
    """

    def __init__(self, path: Path | None, options: Mapping[str, Any], *, resume: bool) -> None:
        self._path = path
        self._file: TextIO | None = None
        self._holds_answers = False
        self.answered: dict[str, Answer] = {}
        if path is None:
            return
        lines = [json.dumps(dict(options), sort_keys=True) + "\n"]
        if resume:
            lines = _taken_up(path, lines[0])
            answers = (_answer(path, line) for line in lines[1:])
            self.answered = {
                answer.source: answer for answer in answers if isinstance(answer, Timeline)
            }
        self._holds_answers = len(lines) > 1
        self._file = _begun(path, lines)

    def kept(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """The answers as they come, each written down before it is passed on."""
        for answer in answers:
            if self._file is not None:
                self._file.write(json.dumps(answer.to_dict()) + "\n")
                self._file.flush()
                self._holds_answers = True
            yield answer

    def finish(self) -> None:
        """Remove the journal: the answers are where they belong."""
        self.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """End for now; the file stays where it holds answers."""
        if self._file is None or self._path is None:
            return
        self._file.close()
        if not self._holds_answers:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _taken_up(path: Path, head: str) -> list[str]:
    """The whole lines of a journal that is there, or the first line of a new one."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return [head]
    lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")] or [head]
    if lines[0] != head:
        raise OptionError(
            f"{path}: the run that was cut short had other options ({lines[0].strip()}); "
            f"repeat them, or start afresh without --resume"
        )
    return lines


def _answer(path: Path, line: str) -> Answer:
    try:
        return answer_from_dict(json.loads(line))
    except ValueError as error:
        raise OptionError(f"{path}: is broken ({error}); start afresh without --resume") from error


def _begun(path: Path, lines: Iterable[str]) -> TextIO:
    """The journal with these lines, open for more. A kill in between leaves the old one."""
    try:
        write_atomically(path, "".join(lines))
        return path.open("a", encoding="ascii")
    except OSError as error:
        raise NoPermissionError(f"{path}: cannot be written ({error.strerror})") from error
