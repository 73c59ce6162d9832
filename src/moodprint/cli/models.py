"""`moodprint models`: the models that come with moodprint, and what their cards say."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from moodprint.bundle import (
    DEFAULT,
    DEFAULT_GENERATOR,
    DEFAULT_MUSIC_GENERATOR,
    HEARING,
    Bundle,
    open_bundle,
    shipped_bundles,
)
from moodprint.cli.import_gansynth import import_gansynth
from moodprint.cli.options import AsJson, Format, TextFormat, is_json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("import-gansynth")(import_gansynth)


@app.command("list")
def show_list(
    every: Annotated[
        bool, typer.Option("--all", help="Also those that do not hear: generators, taggers.")
    ] = False,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
) -> None:
    """List the models that come with moodprint and that `analyze` hears with.

    JSON lists all, and says of each whether it hears.

    \b
    Examples:
      moodprint models list
      moodprint models list --all
    """
    bundles = [open_bundle(name, typed=False) for name in shipped_bundles()]
    if is_json(format, as_json):
        typer.echo(json.dumps([_summary(bundle) for bundle in bundles], indent=2))
        return
    for bundle in bundles:
        if not every and bundle.kind not in HEARING:
            continue
        summary = _summary(bundle)
        used = " (used unless another is named)" if summary["default"] else ""
        typer.echo(f"{summary['model']}: {summary['kind']}, {summary['licence']}{used}")


@app.command("info")
def show_info(
    model: Annotated[
        str, typer.Argument(help="A model's name, or the path of a bundle.")
    ] = DEFAULT,
    format: Format = TextFormat.TABLE,
    as_json: AsJson = False,
) -> None:
    """Show a model's card: labels, training data, scores with their intervals, licence.

    \b
    Examples:
      moodprint models info
      moodprint models info runs/study-7/model --format json
    """
    card = open_bundle(model).fields
    if is_json(format, as_json):
        typer.echo(json.dumps(card, indent=2, ensure_ascii=False))
        return
    from moodprint.reports.terminal.card import show_card

    show_card(card)


def _summary(bundle: Bundle) -> dict[str, Any]:
    return {
        "model": bundle.name,
        "kind": bundle.kind,
        "hears": bundle.kind in HEARING,
        "licence": bundle.card.licence,
        "default": bundle.path.name in (DEFAULT, DEFAULT_GENERATOR, DEFAULT_MUSIC_GENERATOR),
    }
