"""Answers as files that other programs read: one module a format, one table of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from moodprint.errors import unknown_name
from moodprint.prediction import Answer, Timeline
from moodprint.reports.exports.as_audacity import AUDACITY
from moodprint.reports.exports.as_csv import CSV
from moodprint.reports.exports.as_elan import ELAN
from moodprint.reports.exports.as_jams import JAMS
from moodprint.reports.exports.as_json import JSON, read_json
from moodprint.reports.exports.as_parquet import PARQUET
from moodprint.reports.exports.as_srt import SRT
from moodprint.reports.exports.as_webvtt import WEBVTT
from moodprint.reports.exports.formats import Exporter, FileFormat, ListFormat
from moodprint.reports.exports.saving import save, several

__all__ = [
    "FORMATS",
    "Exporter",
    "FileFormat",
    "ListFormat",
    "exporter",
    "read_json",
    "render",
    "write",
]

FORMATS: Mapping[str, Exporter] = MappingProxyType(
    {form.name: form for form in (JSON, CSV, PARQUET, WEBVTT, SRT, AUDACITY, ELAN, JAMS)}
)


def exporter(format_name: str) -> Exporter:
    """The format of that name. Raises OptionError for an unknown one, listing those there are."""
    try:
        return FORMATS[format_name]
    except KeyError:
        raise unknown_name("format", format_name, FORMATS) from None


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


def write(answers: Sequence[Answer], format_name: str, target: Path | BinaryIO) -> tuple[Path, ...]:
    """Write answers in a format to a file, a folder or a stream: see ``saving.save``."""
    return save(answers, exporter(format_name), target)
