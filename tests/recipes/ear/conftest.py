"""The modules of recipes/ear, where torch is: the recipe needs it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import pytest


@pytest.fixture(scope="module")
def load():
    """Imports a module of the recipe by name; skips where torch is not installed."""
    if find_spec("torch") is None:
        pytest.skip("the recipe needs torch, which is not installed")
    return lambda name: import_module(f"recipes.ear.{name}")


def _module(name: str):
    @pytest.fixture(scope="module", name=name)
    def loaded(load):
        return load(name)

    return loaded


augment, crops, export, heads, recordings, scores = map(
    _module, ("augment", "crops", "export", "heads", "recordings", "scores")
)
