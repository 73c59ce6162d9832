"""What every command owes its user: an example that works, one spelling of each option, a bar."""

from __future__ import annotations

import enum
import inspect
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest
import typer

from moodprint.cli import app

NOT_YET: dict[str, set[str]] = {}
"""By rule, the commands that are still to be brought into line."""


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
        is_enum = inspect.isclass(self.type) and issubclass(self.type, enum.Enum)
        return [member.value for member in self.type] if is_enum else []


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


@pytest.fixture(params=COMMANDS, ids=lambda command: command.words.removeprefix("moodprint "))
def command(request: pytest.FixtureRequest) -> Command:
    rule = request.function.__name__.removeprefix("test_")
    if request.param.words.removeprefix("moodprint ") in NOT_YET.get(rule, ()):
        pytest.skip("still to be brought into line")
    return request.param


def test_the_walk_finds_the_commands() -> None:
    words = {command.words for command in COMMANDS}
    assert {"moodprint analyze", "moodprint corpus build", "moodprint generate notes"} <= words
    assert len(words) >= 18


def test_examples_are_given_as_a_block(command: Command) -> None:
    assert command.examples, "an Examples: block with a command line, two blanks before it"
    assert "\b\nExamples:\n" in command.text, r"\b before the block keeps its lines as they are"
    assert command.text.count("\b") == command.text.count("\b\n"), (
        "a mark stands on a line of its own"
    )
    assert any(f"{command.words} " in f"{example} " for example in command.examples)


def test_examples_are_command_lines_that_parse(command: Command) -> None:
    for example in command.examples:
        *_, words = example.split("| ")
        name, *arguments = shlex.split(words)
        assert name == "moodprint", example
        _parse(root(), arguments)


def _parse(group: Any, arguments: list[str]) -> None:
    """Have click read the words, down to the command that they call; nothing is run."""
    context = group.make_context("moodprint", arguments)
    while hasattr(context.command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, found, rest = context.command.resolve_command(context, rest)
        assert found is not None, arguments
        context = found.make_context(name, rest, parent=context)


def test_help_explains_every_parameter(command: Command) -> None:
    bare = [each.name for each in command.parameters if not each.info.help]
    assert not bare


def test_out_names_what_is_made(command: Command) -> None:
    found = {"--out", "--output", "-o"} & set(command.options)
    if found:
        assert command.options[min(found)].spellings == ("--out", "--output", "-o")


def test_workers_are_one_a_core_unless_told(command: Command) -> None:
    if "--workers" in command.options:
        option = command.options["--workers"]
        assert option.default is None
        assert option.info.min == 0, "0 is one a core, too"
        assert option.info.callback(0) is None
        assert "one a core" in option.info.help


def test_json_has_both_spellings(command: Command) -> None:
    options = command.options
    form = options.get("--format")
    has_format = form is not None and ("json" in form.choices or "json" in form.info.help)
    assert has_format == ("--json" in options)
    if form is not None:
        assert form.spellings == ("--format", "-f")


def test_models_are_named_by_one_option(command: Command) -> None:
    old = {"--bundle", "--instrument-bundle", "--checkpoint"} & set(command.options)
    for spelling in old:
        assert "--model" in command.options[spelling].spellings, "the old spelling is an alias"


def _shows_a_bar(function: Any) -> bool:
    """Whether the function, or one of its module that it calls, opens a progress bar."""
    sources = [inspect.getsource(function)]
    for name in function.__code__.co_names:
        called = getattr(sys.modules[function.__module__], name, None)
        if inspect.isfunction(called) and called.__module__ == function.__module__:
            sources.append(inspect.getsource(called))
    return any("progress_bar(" in source for source in sources)


def test_where_there_is_a_bar_it_can_be_left_out(command: Command) -> None:
    assert _shows_a_bar(command.function) <= ("--quiet" in command.options)
    if "--quiet" in command.options:
        assert command.options["--quiet"].spellings == ("--quiet", "-q")


def test_long_options_are_words_with_hyphens(command: Command) -> None:
    for spelling in command.options:
        assert re.fullmatch(r"-[a-z]|--[a-z]+(-[a-z]+)*", spelling), spelling


@pytest.mark.parametrize(
    "words",
    [
        "analyze a.mp3 --output a.json",
        "train mine.yaml --checkpoint ear -o tuned",
        "study run mine.yaml -o out --workers 0 --json",
        "evaluate labels.csv --workers 0 --json",
        "features extract songs --output t.csv --workers 0",
        "models list --json",
    ],
)
def test_spellings_that_were_released_still_parse(words: str) -> None:
    _parse(root(), words.split())


def test_the_usage_of_evaluate_says_which_word_may_be_left_out(capsys) -> None:
    with pytest.raises(SystemExit):
        app.main(["evaluate", "--help"])
    assert "evaluate [OPTIONS] [music] CORPUS | notes GENERATOR" in capsys.readouterr().out
