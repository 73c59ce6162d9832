"""Every command with its parameters, as the whole tree of ``moodprint`` has them."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

import typer

from moodprint.cli import app


@dataclass(frozen=True)
class Parameter:
    """An argument or option as a function declares it, by whatever typer makes of that."""

    name: str
    type: Any
    default: Any
    info: Any

    @property
    def is_option(self) -> bool:
        return isinstance(self.info, typer.models.OptionInfo)

    @property
    def spellings(self) -> tuple[str, ...]:
        """What a user may write: ``--out``, ``--output``, ``-o``."""
        first = self.info.default  # in Annotated, the place of the default takes the first one
        declared = (*([first] if isinstance(first, str) else []), *(self.info.param_decls or ()))
        declared = declared or (f"--{self.name.replace('_', '-')}",)
        return tuple(one for each in declared for one in each.split("/"))

    @property
    def choices(self) -> list[str]:
        """The values of an enumeration; none of another type."""
        types = [self.type, *get_args(self.type)]  # X, or X | None
        enums = [each for each in types if inspect.isclass(each) and issubclass(each, enum.Enum)]
        return [member.value for each in enums for member in each]


@dataclass(frozen=True)
class Command:
    """A command that does something, by the words that call it."""

    words: str
    function: Any

    @property
    def parameters(self) -> list[Parameter]:
        """Its arguments and options."""
        hints = get_type_hints(self.function, include_extras=True)
        return [
            Parameter(name, get_args(hints[name])[0], one.default, get_args(hints[name])[1])
            for name, one in inspect.signature(self.function).parameters.items()
        ]

    @property
    def options(self) -> dict[str, Parameter]:
        """Its options by each of their spellings."""
        options = [each for each in self.parameters if each.is_option]
        return {spelling: each for each in options for spelling in each.spellings}

    @property
    def text(self) -> str:
        """Its help as it stands in the source."""
        return inspect.getdoc(self.function) or ""

    @property
    def examples(self) -> list[str]:
        """The command lines of its help."""
        block = re.search(r"^Examples:\n((?:  .+\n?)+)", self.text, re.M)
        return [line.strip() for line in block[1].splitlines()] if block else []


@cache
def root() -> Any:
    """The whole tree: every command loaded, as ``moodprint`` loads the one that is called."""
    tree = typer.main.get_command(app._app(""))
    for name in app.COMMANDS:
        whole = typer.main.get_command(app._app(name))
        tree.commands[name] = whole.commands[name]
    return tree


def _leaves(group: Any, words: str) -> Iterator[Command]:
    for name, command in group.commands.items():
        called = f"{words} {name}"
        if hasattr(command, "commands"):  # typer may bring a click of its own: ask no class
            yield from _leaves(command, called)
        else:
            yield Command(called, inspect.unwrap(command.callback))


COMMANDS = list(_leaves(root(), "moodprint"))


def parse(group: Any, arguments: list[str]) -> None:
    """Have click read the words, down to the command that they call; nothing is run."""
    context = group.make_context("moodprint", arguments)
    while hasattr(context.command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, found, rest = context.command.resolve_command(context, rest)
        assert found is not None, arguments
        context = found.make_context(name, rest, parent=context)
