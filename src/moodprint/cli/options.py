"""Options that many commands share, spelled and explained once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from moodprint.cli.exit_status import print_error

if TYPE_CHECKING:
    from moodprint.features.cache import FeatureCache


class TextFormat(StrEnum):
    """How a command prints what it found: for people, or for programs."""

    TABLE = "table"
    JSON = "json"


Format = Annotated[TextFormat, typer.Option("--format", "-f", help="How to print the result.")]
"""``--format table|json``. Goes with AsJson: see ``is_json``."""

AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
"""``--json``, the short spelling of ``--format json``."""


def is_json(text_format: TextFormat, as_json: bool) -> bool:
    """Whether JSON was asked for, in either of the two spellings."""
    return as_json or text_format is TextFormat.JSON


def _one_a_core(workers: int | None) -> int | None:
    return workers or None


Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=0,
        callback=_one_a_core,
        show_default=False,
        help="Processes at a time; by default, and with 0, one a core.",
    ),
]
"""``--workers``; the command gets None where the engine is to choose."""

Track = Annotated[
    int | None,
    typer.Option(min=1, help="The audio track to take, of several; default: a player's choice."),
]
"""``--track``, where files are decoded."""

Longest = Annotated[
    float,
    typer.Option(help="Seconds of a file after which the rest is left out, with a warning."),
]
"""``--longest``, where files are decoded; by default a day."""

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
"""``--quiet``, wherever there is a bar."""

Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache", help="Where features are kept; default: your cache folder.", show_default=False
    ),
]
"""``--cache``, where features are extracted: see ``feature_cache``."""


def feature_cache(folder: Path | None) -> FeatureCache | None:
    """The cache of features in a folder, or in the user's own; where that cannot be written none
    is used, after a word."""
    from moodprint.features.cache import default_folder, writable_cache

    place = folder or default_folder()
    cache = writable_cache(place)
    if cache is None:
        print_error(f"{place}: cannot be written; features are computed and not kept")
    return cache
