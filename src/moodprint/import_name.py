"""Names in tables that stand for code, which is imported when it is asked for and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def import_name(place: str) -> Any:
    """What ``module:name`` names.

    Raises:
        ImportError, AttributeError: there is no such module, or no such name in it.
    """
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
