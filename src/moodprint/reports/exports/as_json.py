"""JSON: a list, one object a file, one segment a line; written and read back without loss."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moodprint.audio.media import readable_file
from moodprint.errors import InputError
from moodprint.prediction import Answer, answer_from_dict
from moodprint.reports.exports.formats import ListFormat


def render(answers: Sequence[Answer]) -> bytes:
    """A list, one object a file and one segment a line, in UTF-8; ``read_json`` is its inverse."""
    objects = ",\n".join(_object(answer.to_dict()) for answer in answers)
    text = f"[\n{objects}\n]\n" if answers else "[]\n"
    # What UTF-8 cannot hold are lone surrogates, the bytes of file names in other encodings:
    # a backslash escape is just what JSON takes for them.
    return text.encode("utf-8", "backslashreplace")


def read_json(path: str | Path) -> list[Answer]:
    """The answers that a JSON file of ours holds, as they were before they were written.

    Raises:
        MissingFileError, NoPermissionError, EmptyFileError: nothing to read there.
        InputError: the file is no list of answers, or was cut off while being written.
    """
    path = readable_file(path)
    try:
        objects = json.loads(path.read_bytes())
        if not isinstance(objects, list):
            raise ValueError(f"a list was expected, not {type(objects).__name__}")
        return [answer_from_dict(fields) for fields in objects]
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no list of moodprint's answers ({error})") from error


def _object(fields: dict[str, Any]) -> str:
    """One object, a line for the whole and one for each segment: short, and good to diff."""
    segments = fields.pop("segments", None)
    whole = _dumps(fields)
    if segments is None:
        return whole
    lines = ",\n  ".join(_dumps(segment) for segment in segments)
    return f'{whole[:-1]}, "segments": [' + (f"\n  {lines}\n]}}" if segments else "]}")


def _dumps(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, allow_nan=False)


JSON = ListFormat("json", ".json", "application/json", render)
