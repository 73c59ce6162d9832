"""Answers and media as files to download: names that are safe, and nothing that a browser runs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import quote

from fastapi import Response

from moodprint.errors import OptionError
from moodprint.prediction import Timeline
from moodprint.reports.exports import FORMATS, exporter, render
from moodprint.service.problems import Problem

ExportFormat = StrEnum("ExportFormat", [(name.upper(), name) for name in (*FORMATS, "html")])  # type: ignore[misc]
"""What answers can be given out as."""

SANDBOX = {
    "Content-Security-Policy": "sandbox allow-scripts; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; media-src data:"
}
"""A report is one page with its own scripts: opened in a browser it runs as a stranger, who can
neither read nor call the service."""


def attachment(name: str) -> dict[str, str]:
    """The header that makes a browser save a file under a name (RFC 6266)."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def exported(timelines: Sequence[Timeline], format_name: str, name: str) -> Response:
    """Answers in a format.

    Raises:
        Problem: 422, the format describes one file, and these are not one.
    """
    if format_name == "html":
        from moodprint.reports.html import render_report

        page = render_report(timelines, audio=False)
        headers = {**attachment(f"{name}.html"), **SANDBOX}
        return Response(page, media_type="text/html", headers=headers)
    form = exporter(format_name)
    try:
        content = render(timelines, format_name)
    except OptionError as error:
        raise Problem(422, "one-file-only", f"{form.name} describes a single file.") from error
    headers = attachment(f"{name}{form.suffix}")
    return Response(content, media_type=form.media_type, headers=headers)
