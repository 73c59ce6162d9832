"""The tree of errors: drawn as it is, and messages that help."""

from __future__ import annotations

import ast
import inspect
import pickle
import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from moodprint import errors
from moodprint.errors import MissingExtraError, MoodprintError, OptionError, unknown_name

ROOT = Path(__file__).parents[1]
EXTRAS = set(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
)
CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, MoodprintError)
]


def test_the_tree_at_the_top_is_the_tree_of_the_classes() -> None:
    drawn = re.findall(r"^ {4}(\|   )?[|`-]* ?(\w+Error)\b", errors.__doc__, re.M)
    depths = {name: (1 if inner else 0) for inner, name in drawn}
    assert set(depths) == {found.__name__ for found in CLASSES}
    for found in CLASSES:
        is_input = issubclass(found, errors.InputError) and found is not errors.InputError
        assert depths[found.__name__] == is_input, f"{found.__name__} hangs elsewhere"


@pytest.mark.parametrize("found", CLASSES, ids=lambda found: found.__name__)
def test_every_error_can_be_sent_between_processes(found: type[MoodprintError]) -> None:
    words = ("torch", "deep") if found is MissingExtraError else ("what came",)
    error = found(*words)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is found
    assert str(again) == str(error)


def _command(error: MissingExtraError) -> list[str]:
    return shlex.split(str(error).split("run  ")[1])


def test_a_missing_extra_names_this_interpreter_and_the_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    pip = [sys.executable, "-m", "pip", "install"]
    assert _command(MissingExtraError("sklearn", "study")) == [*pip, "-e", ".[study]"]


def test_outside_of_the_checkout_its_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'another'\n")
    monkeypatch.chdir(tmp_path)
    assert _command(MissingExtraError("sklearn", "study"))[-1] == f"{ROOT}[study]"


def test_an_installed_package_is_named_by_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(errors, "__file__", str(tmp_path / "lib" / "moodprint" / "errors.py"))
    monkeypatch.setattr(sys, "executable", "/opt/my python/bin/python3")
    command = _command(MissingExtraError("sklearn", "study"))
    assert command[0] == "/opt/my python/bin/python3", "a space is quoted"
    assert command[-2:] == ["install", "moodprint[study]"]


def _extras_asked_for() -> dict[str, str | None]:
    """By place, the extra that a MissingExtraError names; None where it cannot be read."""
    found = {}
    for file in sorted((ROOT / "src").rglob("*.py")):
        module = ast.parse(file.read_text())
        constants = {
            target.id: node.value.value
            for node in module.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MissingExtraError":
                extra = node.args[1]
                name = getattr(extra, "value", None) or constants.get(getattr(extra, "id", ""))
                found[f"{file.relative_to(ROOT)}:{node.lineno}"] = name
    return found


def test_every_extra_that_is_asked_for_can_be_installed() -> None:
    asked_for = _extras_asked_for()
    assert len(asked_for) >= 8, "the search finds the calls"
    assert not {place: extra for place, extra in asked_for.items() if extra not in EXTRAS}


def test_an_unknown_name_lists_the_known_and_guesses_the_meant() -> None:
    error = unknown_name("emotion", "hapy", ["sad", "happy"])
    assert isinstance(error, OptionError)
    assert str(error) == ("no emotion is called 'hapy' (did you mean 'happy'?); known: happy, sad")
    assert "did you mean" not in str(unknown_name("emotion", "xyz", ["sad"]))
