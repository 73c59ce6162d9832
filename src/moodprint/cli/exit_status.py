"""How a command ends: its exit statuses, and an error as one line on stderr."""

from __future__ import annotations

import typer

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
"""The exit statuses beside 0: something failed; a wrong option; Ctrl-C (128 + SIGINT)."""


def print_error(error: object) -> None:
    """Write the error to stderr as one line; control characters in it become escapes.

    A file's name may hold line breaks and terminal codes: they must not forge a second line.
    """
    line = "".join(c if c.isprintable() else _escaped(c) for c in str(error))
    typer.echo(f"moodprint: {line}", err=True)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
