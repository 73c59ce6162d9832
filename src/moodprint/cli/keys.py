"""`moodprint keys`: who may call a service that other machines reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from moodprint.service.access import Keys

app = typer.Typer(help="Keys for callers of other machines, kept as hashes.", no_args_is_help=True)

Data = Annotated[
    Path | None, typer.Option(help="The service's data folder.  [~/.local/share/moodprint]")
]
Database = Annotated[
    str | None, typer.Option(help="The service's database.  [SQLite in the data folder]")
]
Name = Annotated[str, typer.Argument(help="Whose key it is.")]


@app.command()
def add(
    name: Name,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="It may read, and classify, but change nothing.")
    ] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Make a key and print it: it cannot be read again.

    \b
    Examples:
      moodprint keys add ann
      moodprint keys add dashboard --read-only
    """
    from moodprint.service.access import Scope

    with _keys(data, database) as keys:
        typer.echo(keys.add(name, Scope.READ if read_only else Scope.WRITE))


@app.command("list")
def list_keys(data: Data = None, database: Database = None) -> None:
    """The names of the keys, what each allows, and since when.

    \b
    Examples:
      moodprint keys list
    """
    with _keys(data, database) as keys:
        for key in keys.all():
            typer.echo(f"{key.name}\t{key.scope}\t{key.created_at.date()}")


@app.command()
def remove(name: Name, data: Data = None, database: Database = None) -> None:
    """The key of that name opens nothing any more.

    \b
    Examples:
      moodprint keys remove ann
    """
    with _keys(data, database) as keys:
        keys.remove(name)


@contextmanager
def _keys(data: Path | None, database: str | None) -> Iterator[Keys]:
    from moodprint.cli.serve import settings_of
    from moodprint.service.access import Keys
    from moodprint.service.store.database import Database

    settings = settings_of({"data": data, "database": database})
    settings.data.mkdir(parents=True, exist_ok=True)
    opened = Database(settings.database_url)
    try:
        opened.migrate()
        yield Keys(opened)
    finally:
        opened.close()
