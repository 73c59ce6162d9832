"""A model's card as people read it in a terminal: lines, and tables where values are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from moodprint.plain_text import one_line
from moodprint.reports.terminal.table import usual_console

_STEP = 2
_MOST_COLUMNS = 7


def show_card(card: Mapping[str, Any], console: Console | None = None) -> None:
    """Print all that a card says, in its order."""
    _show(card, console or usual_console(), 0)


def _show(values: Mapping[str, Any], console: Console, indent: int) -> None:
    for name, value in values.items():
        head = " " * indent + _words(name)
        rows = _rows(value)
        if rows:
            console.print(Text(head))
            console.print(Padding(_table(rows), (0, 0, 0, indent)))
        elif isinstance(value, Mapping):
            console.print(Text(head))
            _show(value, console, indent + _STEP)
        elif isinstance(value, list) and any(" " in str(part) for part in value):
            console.print(Text(head))
            for part in value:
                line = Text(one_line(f"- {_cell(part)}"))
                console.print(Padding(line, (0, 0, 0, indent + _STEP)))
        elif isinstance(value, list):
            values_text = ", ".join(map(_cell, value)) or "-"
            console.print(Text(f"{head}: {values_text}"), soft_wrap=True)
        else:
            console.print(Text(f"{head}: {_cell(value)}"), soft_wrap=True)


def _rows(value: Any) -> list[dict[str, Any]]:
    """The rows of values that are alike: of a list of objects, or of two objects and more by
    name. None where a cell would hold objects itself."""
    rows: list[dict[str, Any]] = []
    if isinstance(value, list) and all(isinstance(part, Mapping) for part in value):
        rows = [dict(part) for part in value]
    elif isinstance(value, Mapping) and len(value) > 1 and all(map(_is_object, value.values())):
        rows = _by_name(value)
    has_objects = any(_is_object(cell) for row in rows for cell in row.values())
    return [] if has_objects else rows


def _by_name(objects: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row an object, or, where that gives more columns than fit, a row a value."""
    names = list(dict.fromkeys(name for each in objects.values() for name in each))
    if len(names) <= _MOST_COLUMNS:
        return [{"": _words(name), **each} for name, each in objects.items()]
    return [
        {"": _words(name), **{key: each.get(name) for key, each in objects.items()}}
        for name in names
    ]


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        numbers = all(isinstance(row.get(name, 0), (int, float)) for row in rows)
        table.add_column(Text(_words(name)), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(name))) for name in columns))
    return table


def _words(name: object) -> str:
    return one_line(str(name).replace("_", " "))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return one_line(str(value))
