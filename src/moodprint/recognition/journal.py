"""Answers kept on disk while a run goes on, so that a killed run can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import Any, Self

from moodprint.errors import InputError, OptionError
from moodprint.files import open_locked
from moodprint.prediction import Answer, answer_from_dict
from moodprint.recognition.earlier_answers import differences

_BEGINNING = b'{"moodprint_journal": 1, '
"""Of each journal: a file of that name that begins otherwise is somebody's own, and is left."""


class Journal:
    """A file of JSON lines: the options of the run, then one answer a line as each is ready.

    A line that a killed run left half written is dropped. ``answered`` holds the answers of the
    run that is taken up, by source. While it is open no other run can have it. Without a path
    nothing is kept.

    Raises:
        OptionError: the run to be taken up had other options, or the file is no journal.
        NoPermissionError, InputError: the file cannot be written, or another run has it.
    """

    def __init__(
        self, path: str | Path | None, options: Mapping[str, Any], *, resume: bool
    ) -> None:
        path = None if path is None else Path(path)
        self._path = path
        self._file: FileIO | None = None
        self._holds_answers = False
        self.answered: dict[str, Answer] = {}
        if path is None:
            return
        busy = InputError(f"{path}: another run is at work on this output, and keeps answers here")
        self._file = open_locked(path, busy)
        try:
            self._begin(self._file, path, options, resume)
        except BaseException:
            self._file.close()
            raise

    def _begin(self, file: FileIO, path: Path, options: Mapping[str, Any], resume: bool) -> None:
        content = file.read()
        if not content.startswith(_BEGINNING[: len(content)]):
            raise OptionError(
                f"{path}: is in the way, and is no journal of moodprint: move it, or name another "
                "output"
            )
        whole = content[: content.rfind(b"\n") + 1] if resume else b""
        head, *lines = whole.decode("ascii", "replace").splitlines() or [""]
        if whole:
            _check_head(path, head, options)
        else:
            whole = _BEGINNING + json.dumps(dict(options), sort_keys=True).encode()[1:] + b"\n"
        answers = [_answer(path, line) for line in lines]
        self.answered = {answer.source: answer for answer in answers}
        self._holds_answers = bool(answers)
        self._write(whole, at=0)

    def kept(self, answers: Iterable[Answer]) -> Iterator[Answer]:
        """The answers as they come, each written down before it is passed on."""
        for answer in answers:
            if self._file is not None:
                self._write(json.dumps(answer.to_dict()).encode() + b"\n")
                self._holds_answers = True
            yield answer

    def finish(self) -> None:
        """Remove the journal: the answers are where they belong."""
        self._holds_answers = False
        self.close()

    def close(self) -> None:
        """End for now; the file stays where it holds answers."""
        if self._file is None or self._path is None:
            return
        if not self._holds_answers:
            self._path.unlink(missing_ok=True)  # while it is locked: it is nobody else's
        self._file.close()
        self._file = None

    def _write(self, data: bytes, at: int | None = None) -> None:
        """Append, or with ``at`` write from there on and drop what stood behind."""
        assert self._file is not None
        try:
            if at is not None:
                self._file.seek(at)
                self._file.truncate()
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            raise InputError(f"{self._path}: cannot be written ({error.strerror})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_head(path: Path, head: str, options: Mapping[str, Any]) -> None:
    """Raises OptionError where a journal's first line has other options than these."""
    try:
        was = json.loads(head)
    except ValueError as error:
        raise OptionError(f"{path}: is broken ({error}); start afresh without --resume") from error
    was.pop("moodprint_journal")
    differing = differences(was, options)
    if differing:
        raise OptionError(
            f"{path}: the run that was cut short had other options ({differing}); repeat those, "
            "or start afresh without --resume"
        )


def _answer(path: Path, line: str) -> Answer:
    try:
        return answer_from_dict(json.loads(line))
    except ValueError as error:
        raise OptionError(f"{path}: is broken ({error}); start afresh without --resume") from error
