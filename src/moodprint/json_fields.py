"""Values out of a JSON object, each read as the type that it must have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any


class Fields(Mapping[str, Any]):
    """A JSON object whose values are read by key and type.

    Errors are ValueErrors that name the value by its path of keys, such as
    ``calibration.temperature``, and say what was expected and what is there.

    Raises:
        ValueError: ``value`` is no object.
    """

    def __init__(self, value: Any, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise ValueError(f"{path or 'the whole'} is {_shown(value)}, not an object")
        self._values: Mapping[str, Any] = value
        self._path = path
        if isinstance(value, Fields):  # a part of another object keeps its path
            self._values, self._path = value._values, value._path

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, key: str) -> str:
        """A string."""
        value = self._value(key)
        return value if isinstance(value, str) else self._refuse(key, "a text")

    def text_or_null(self, key: str) -> str | None:
        """A string, or None for null."""
        return None if self._value(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return self._refuse(key, "a list of texts")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._value(key)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def number(self, key: str) -> float:
        """A finite number, whole or not."""
        value = self._value(key)
        return float(value) if _is_number(value) else self._refuse(key, "a finite number")

    def number_or_null(self, key: str) -> float | None:
        """A finite number, or None for null."""
        return None if self._value(key) is None else self.number(key)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers, whole or not."""
        value = self._value(key)
        if not isinstance(value, list) or not all(map(_is_number, value)):
            return self._refuse(key, "a list of finite numbers")
        return tuple(map(float, value))

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._refuse(key, "a whole number")
        return value

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        value = self._value(key)
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            return self._refuse(key, "a list of whole numbers")
        return tuple(value)

    def part(self, key: str) -> Fields:
        """The object at a key."""
        return Fields(self._value(key), self._name(key))

    def parts(self, key: str) -> Iterator[Fields]:
        """The objects of a list."""
        value = self._value(key)
        if not isinstance(value, list):
            self._refuse(key, "a list of objects")
        return (Fields(each, f"{self._name(key)}[{at}]") for at, each in enumerate(value))

    def _value(self, key: str) -> Any:
        if key not in self._values:
            raise ValueError(f"{self._name(key)} is missing")
        return self._values[key]

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _refuse(self, key: str, expected: str) -> Any:
        raise ValueError(f"{self._name(key)} is {_shown(self._values[key])}, not {expected}")


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
