"""Text files as people, editors and spreadsheets write them: read, or refused in one line.

A byte order mark is passed over; without one a text is UTF-8.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moodprint.errors import (
    EncodingError,
    InputError,
    MissingFileError,
    NoPermissionError,
    OptionError,
)

# UTF-32's mark begins with that of UTF-16, so it is looked for first.
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_BEYOND = "\0beyond"
"""Where cells are kept that have no column; no text holds a NUL."""
_MOST_BYTES = 256 << 20
"""More than a list of a million files; what is larger was named by mistake, or never ends."""


@dataclass(frozen=True)
class CsvRow:
    """A row with the number of the line that it ends on; a cell that it lacks is ''."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class CsvTable:
    """A table with the names of its columns, spaces around them taken off."""

    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are.

    Raises:
        MissingFileError, NoPermissionError, InputError: it cannot be read, or is larger than
            256 MiB. EncodingError: it is neither UTF-8 nor marked as UTF-16 or UTF-32.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise MissingFileError(f"{path}: does not exist") from None
    except PermissionError:
        raise NoPermissionError(f"{path}: may not be read (no permission)") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if len(content) > _MOST_BYTES:
        raise InputError(f"{path}: is larger than {_MOST_BYTES >> 20} MiB; a text was expected")
    return decode_text(content, str(path))


def has_byte_order_mark(content: bytes) -> bool:
    """Whether bytes begin with the mark of a text in UTF-8, UTF-16 or UTF-32."""
    return content.startswith(tuple(_MARKS))


def decode_text(content: bytes, name: str) -> str:
    """Bytes as text; ``name`` says in a message where they come from.

    Raises:
        EncodingError: with the line and the first byte that does not fit.
    """
    encoding = next((kind for mark, kind in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        kind = encoding.removesuffix("-sig").upper()
        raise EncodingError(
            f"{name}, line {line}: the byte 0x{content[error.start]:02x} is not {kind}; "
            "save the text as UTF-8"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise EncodingError(
            f"{name}, line {line}: holds a NUL byte, so it is no text in {encoding.upper()}; "
            "save the text as UTF-8"
        )
    return text


def read_csv(path: Path) -> CsvTable:
    """A table of comma-separated values whose first row names the columns.

    Raises:
        InputError: as read_text, or no such table.
    """
    text = io.StringIO(read_text(path), newline="")
    reader = csv.DictReader(text, restkey=_BEYOND, restval="", strict=True)
    try:
        columns = tuple(name.strip() for name in reader.fieldnames or ())
        reader.fieldnames = columns
        rows = tuple(_row(path, reader.line_num, cells, columns) for cells in reader)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.reader.line_num}: is not CSV ({error})") from error
    return CsvTable(columns, rows)


def _row(path: Path, line: int, cells: dict[str, Any], columns: tuple[str, ...]) -> CsvRow:
    """Raises InputError where cells stand beyond the last column: a comma in a name that has no
    quotes around it has moved the others."""
    if any(cells.get(_BEYOND, ())):
        count = len(columns) + len(cells[_BEYOND])
        raise InputError(
            f"{path}, line {line}: has {count} cells, and there are {len(columns)} columns"
        )
    return CsvRow(line, {name: cells[name] for name in columns})


def read_yaml(path: Path) -> Any:
    """What a YAML file holds, of plain types alone.

    Raises:
        InputError: as read_text. OptionError: it is not YAML; with the line.
    """
    import yaml

    text = read_text(path)
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise OptionError(f"{path}{line}: is not YAML ({error.problem})") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        # ReaderError (a control character) and ValueError (such as the date 2026-13-45)
        reason = " ".join(str(error).split())
        raise OptionError(f"{path}: is not YAML ({reason})") from error
