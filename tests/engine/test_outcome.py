"""An outcome is a value or an error, never both by accident."""

from __future__ import annotations

import pytest

from moodprint.engine.outcome import Outcome, attempt


def test_a_value_is_unwrapped() -> None:
    assert Outcome("item", value=3).unwrap() == 3


def test_none_is_a_value_too() -> None:
    assert Outcome("item").unwrap() is None


def test_an_error_is_raised_as_it_was() -> None:
    error = KeyError("lost")
    with pytest.raises(KeyError) as raised:
        Outcome("item", error=error).unwrap()
    assert raised.value is error


def test_an_attempt_keeps_the_item_beside_what_became_of_it() -> None:
    assert attempt(len, "four") == Outcome("four", value=4)
    failed = attempt(len, 4)
    assert failed.item == 4
    assert isinstance(failed.error, TypeError)
    assert failed.value is None


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_program_is_no_outcome(end: type[BaseException]) -> None:
    def work(_: object) -> None:
        raise end

    with pytest.raises(end):
        attempt(work, "item")
