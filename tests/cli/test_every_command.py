"""What every command owes its user: an example that works, one spelling of each option, a bar."""

from __future__ import annotations

import inspect
import re
import shlex
import sys
from typing import Any

import pytest
from every_command import COMMANDS, Command, parse, root

from moodprint.cli import app

NOT_YET: dict[str, set[str]] = {}
"""By rule, the commands that are still to be brought into line."""


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
        parse(root(), arguments)


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


def test_what_is_made_is_claimed_before_the_work(command: Command) -> None:
    """Sources, other outputs and other runs are looked at by the one guard."""
    if "--out" in command.options:
        source = inspect.getsource(command.function)
        assert "claimed(" in source, "with claimed(files=[out], sources=...): see moodprint.outputs"


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
    parse(root(), words.split())


def test_the_usage_of_evaluate_says_which_word_may_be_left_out(capsys) -> None:
    with pytest.raises(SystemExit):
        app.main(["evaluate", "--help"])
    assert "evaluate [OPTIONS] [music] CORPUS | notes GENERATOR" in capsys.readouterr().out
