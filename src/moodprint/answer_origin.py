"""What an answer was made from, and how: so a later run can tell whether it still stands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from moodprint.json_fields import Fields


@dataclass(frozen=True)
class FileState:
    """The size of a file and when it was last modified, in nanoseconds since 1970: what differs
    where another file has taken its name."""

    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, path: str | os.PathLike[str]) -> FileState | None:
        """The state of a file as it is now; None where there is none to look at."""
        try:
            status = Path(path).stat()
        except (OSError, ValueError):
            return None
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class AnswerOrigin:
    """The state of the file before it was read, and the options of the run: values that JSON
    takes, by name."""

    file: FileState | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As JSON takes it; of a file that was not there no state is given."""
        state = self.file
        of_file = (
            {"size_bytes": state.size_bytes, "modified_ns": state.modified_ns} if state else {}
        )
        return {**of_file, "options": dict(self.options)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The inverse of ``to_dict``. Raises ValueError on anything else."""
        fields = Fields(fields)
        state = None
        if "size_bytes" in fields:
            state = FileState(fields.whole("size_bytes"), fields.whole("modified_ns"))
        return cls(state, dict(fields.part("options")))
