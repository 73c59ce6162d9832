"""Answers as files that other programs read: one module a format, one table of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from moodprint.errors import OptionError, unknown_name
from moodprint.import_name import import_name
from moodprint.outputs import AnyPath
from moodprint.prediction import Answer, Timeline
from moodprint.reports.exports.as_json import read_json
from moodprint.reports.exports.formats import Exporter, FileFormat, ListFormat
from moodprint.reports.exports.saving import save, several

__all__ = [
    "FORMATS",
    "Exporter",
    "FileFormat",
    "ListFormat",
    "exporter",
    "exporter_for",
    "read_json",
    "render",
    "write",
]

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "json": "moodprint.reports.exports.as_json:JSON",
        "csv": "moodprint.reports.exports.as_csv:CSV",
        "parquet": "moodprint.reports.exports.as_parquet:PARQUET",
        "webvtt": "moodprint.reports.exports.as_webvtt:WEBVTT",
        "srt": "moodprint.reports.exports.as_srt:SRT",
        "audacity": "moodprint.reports.exports.as_audacity:AUDACITY",
        "elan": "moodprint.reports.exports.as_elan:ELAN",
        "jams": "moodprint.reports.exports.as_jams:JAMS",
    }
)
"""Where each format lives, by its name. To add one: its module, and its line here."""


def exporter(name: str) -> Exporter:
    """The format of that name. Raises OptionError for an unknown one, listing those there are."""
    if name not in FORMATS:
        raise unknown_name("format", name, FORMATS)
    form: Exporter = import_name(FORMATS[name])
    return form


def exporter_for(path: AnyPath) -> Exporter:
    """The format whose suffix a path has. Raises OptionError where none has it."""
    suffix = Path(path).suffix
    for form in map(exporter, FORMATS):
        if form.suffix == suffix.lower():
            return form
    raise OptionError(
        f"{path}: its suffix {suffix!r} names no format; name one of {', '.join(FORMATS)}"
    )


def render(answers: Sequence[Answer], format_name: str) -> bytes:
    """The answers in a format; the same answers always give the same bytes.

    Raises:
        OptionError: an unknown format; or one that describes a single file, and not exactly one
            of the answers is an analysed file.
    """
    form = exporter(format_name)
    if isinstance(form, ListFormat):
        return form.render(answers)
    timelines = [answer for answer in answers if isinstance(answer, Timeline)]
    if len(timelines) != 1:
        raise several(form, len(timelines))
    return form.render(timelines[0])


def write(
    answers: Sequence[Answer], format_name: str, target: AnyPath | BinaryIO
) -> tuple[Path, ...]:
    """Write answers in a format to a file, a folder or a stream: see ``saving.save``."""
    return save(answers, exporter(format_name), target)
