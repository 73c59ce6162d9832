"""`moodprint models`: the models that come with moodprint, and what their cards say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from moodprint.bundle import DEFAULT, DEFAULT_GENERATOR, Bundle, open_bundle, shipped_bundles
from moodprint.cli.import_gansynth import import_gansynth
from moodprint.cli.options import AsJson, Format, TextFormat, is_json
from moodprint.plain_text import one_line

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.command("import-gansynth")(import_gansynth)


@app.command("list")
def show_list(format: Format = TextFormat.TABLE, as_json: AsJson = False) -> None:
    """List the models that come with moodprint.

    \b
    Examples:
      moodprint models list
    """
    bundles = [open_bundle(name, typed=False) for name in shipped_bundles()]
    if is_json(format, as_json):
        typer.echo(json.dumps([_summary(bundle) for bundle in bundles], indent=2))
        return
    for bundle in bundles:
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
    for line in _lines(card):
        typer.echo(line)


def _summary(bundle: Bundle) -> dict[str, Any]:
    return {
        "model": bundle.name,
        "kind": bundle.kind,
        "licence": bundle.card.licence,
        "default": bundle.path.name in (DEFAULT, DEFAULT_GENERATOR),
    }


def _lines(card: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """The card as indented text, a line for each value."""
    for name, value in card.items():
        head = " " * indent + str(name).replace("_", " ")
        if isinstance(value, Mapping):
            yield head
            yield from _lines(value, indent + 2)
        elif isinstance(value, list) and not any(isinstance(part, Mapping) for part in value):
            yield f"{head}: {one_line(', '.join(map(str, value)))}"
        elif isinstance(value, list):
            yield head
            for part in value:
                yield f"{' ' * indent}  {json.dumps(part, ensure_ascii=False)}"
        else:
            yield f"{head}: {one_line(str(value))}"
