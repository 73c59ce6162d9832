"""How a command ends: its exit statuses, and an error as one line on stderr."""

from __future__ import annotations

from contextlib import suppress

import typer

from moodprint.plain_text import one_line

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
"""The exit statuses beside 0: something failed; a wrong option; Ctrl-C (128 + SIGINT)."""


def print_error(error: object) -> None:
    """Write the error to stderr as one line, whatever a file's name in it holds."""
    with suppress(OSError):  # nobody reads: the exit status has to do
        typer.echo(f"moodprint: {one_line(error)}", err=True)
