"""`moodprint serve`: the service over HTTP, and its worker."""

from __future__ import annotations

import webbrowser
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moodprint.cli.options import Workers
from moodprint.errors import OptionError

if TYPE_CHECKING:
    from moodprint.service.settings import ServiceSettings


class Part(StrEnum):
    """What of the service a process does."""

    ALL = "all"
    CALLS = "calls"
    JOBS = "jobs"


def serve(
    root: Annotated[
        list[Path] | None,
        typer.Option(help="A folder whose files may be named by their path; may be repeated."),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="Others than this machine's loopback ask for keys.  [127.0.0.1]"),
    ] = None,
    port: Annotated[int | None, typer.Option(help="0 takes a free one.  [8000]")] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="The folder of what is kept.  [~/.local/share/moodprint]"),
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="postgresql://...  [SQLite in the data folder]")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A model that ships, or a bundle.  [ear]")
    ] = None,
    workers: Workers = None,
    most_megabytes: Annotated[
        int | None, typer.Option(help="The largest file, named or uploaded.  [500]")
    ] = None,
    quota_gigabytes: Annotated[
        float | None, typer.Option(help="Of all media that are kept.  [50]")
    ] = None,
    allow_web: Annotated[
        bool | None,
        typer.Option(
            "--allow-web",
            help="Fetch what lies at web addresses, public ones alone (extra collect).",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        Part, typer.Option(help="Answer calls alone, or do jobs alone, for others.")
    ] = Part.ALL,
    worker_name: Annotated[
        str | None, typer.Option(help="Tells workers of one database apart.  [worker]")
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Answer over HTTP, on this machine alone unless told otherwise: the page, the API, and jobs
    that outlive a crash.

    Each option may be set by the environment instead: MOODPRINT_PORT=8001. See docs/service.md.

    \b
    Examples:
      moodprint serve --open
      moodprint serve --root music --port 8001
      moodprint serve --only jobs --worker-name second --database postgresql://...
    """
    settings = settings_of({
        "root": None if root is None else tuple(root),
        "host": host,
        "port": port,
        "data": data,
        "database": database,
        "model": model,
        "workers": workers,
        "most_megabytes": most_megabytes,
        "quota_gigabytes": quota_gigabytes,
        "allow_web": allow_web,
        "worker_name": worker_name,
    })  # fmt: skip
    if only is Part.JOBS:
        from moodprint.service.jobs.worker import work_alone

        work_alone(settings)
    else:
        from moodprint.service.server import run_server

        def announce(address: str) -> None:
            typer.echo(f"moodprint serves at {address}")
            if open_page:
                webbrowser.open(address)

        run_server(settings, worker=only is Part.ALL, announce=announce)


def settings_of(given: dict[str, Any]) -> ServiceSettings:
    """Raises OptionError, which names the option or variable that is at fault."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from moodprint.service.settings import ServiceSettings

    try:
        return ServiceSettings(**{key: it for key, it in given.items() if it is not None})
    except SettingsError as error:  # a list from the environment that is no JSON
        raise OptionError(f"the environment: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        name = "-".join(str(part) for part in fault["loc"][:1]).replace("_", "-")
        raise OptionError(f"--{name}: {fault['msg'].removeprefix('Value error, ')}") from error
