"""The tree of errors: drawn as it is, and messages that help."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from moodprint import errors
from moodprint.errors import MissingExtraError, MoodprintError, OptionError, unknown_name
from moodprint.install_line import install_line

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


def test_a_missing_extra_ends_in_a_line_to_run() -> None:
    error = MissingExtraError("skops", "study")
    assert str(error) == (
        f"this needs the package 'skops', which is not installed: run  {install_line('study')}"
    )
    assert "README.md" in str(MissingExtraError("torch", "deep"))


def test_an_unknown_name_lists_the_known_and_guesses_the_meant() -> None:
    error = unknown_name("emotion", "hapy", ["sad", "happy"])
    assert isinstance(error, OptionError)
    assert str(error) == ("no emotion is called 'hapy' (did you mean 'happy'?); known: happy, sad")
    assert "did you mean" not in str(unknown_name("emotion", "xyz", ["sad"]))
