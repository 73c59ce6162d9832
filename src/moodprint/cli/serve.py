"""`moodprint serve`: the service over HTTP, for this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from moodprint.errors import OptionError


def serve(
    root: Annotated[
        list[Path] | None,
        typer.Option(help="A folder whose files may be named by their path; may be repeated."),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="An address of this machine's loopback.  [127.0.0.1]")
    ] = None,
    port: Annotated[int | None, typer.Option(help="0 takes a free one.  [8000]")] = None,
    model: Annotated[
        str | None, typer.Option(help="A model that ships, or a bundle.  [ear]")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0,
            callback=lambda count: count or None,
            help="Files at a time, each in a process of its own.  [one a core]",
        ),
    ] = None,
    most_megabytes: Annotated[
        int | None, typer.Option(help="The largest file, named or uploaded.  [500]")
    ] = None,
) -> None:
    """Answer over HTTP, on this machine alone: POST a path or a file, get its emotion.

    Each option may be set by the environment instead: MOODPRINT_PORT=8001. See docs/service.md.

    \b
    Examples:
      moodprint serve --root music
      moodprint serve --root music --root videos --port 8001
    """
    import uvicorn
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from moodprint.service.app import make_app
    from moodprint.service.settings import ServiceSettings

    given: dict[str, Any] = {
        "root": None if root is None else tuple(root),
        "host": host,
        "port": port,
        "model": model,
        "workers": workers,
        "most_megabytes": most_megabytes,
    }
    try:
        settings = ServiceSettings(**{key: it for key, it in given.items() if it is not None})
    except SettingsError as error:  # a list from the environment that is no JSON
        raise OptionError(f"the environment: {error}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        name = "-".join(str(part) for part in fault["loc"][:1]).replace("_", "-")
        raise OptionError(f"--{name}: {fault['msg'].removeprefix('Value error, ')}") from error
    uvicorn.run(make_app(settings), host=settings.host, port=settings.port, server_header=False)
