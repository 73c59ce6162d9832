"""How a command ends: its exit statuses, an error as one line on stderr, and what was made."""

from __future__ import annotations

import sys
from contextlib import suppress

import typer

from moodprint.plain_text import one_line

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
"""The exit statuses beside 0: something failed; a wrong option; Ctrl-C (128 + SIGINT)."""


def tell_people(sentence: str) -> None:
    """Write what was made to stderr where somebody sits before it; programs know already."""
    if sys.stderr.isatty():
        with suppress(OSError):
            typer.echo(one_line(sentence), err=True)


def print_error(error: object) -> None:
    """Write the error to stderr as one line, whatever a file's name in it holds."""
    with suppress(OSError):  # nobody reads: the exit status has to do
        typer.echo(f"moodprint: {one_line(error)}", err=True)
