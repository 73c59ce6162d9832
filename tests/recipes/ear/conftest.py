"""The scripts of models/ear are no package: they find each other beside themselves."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "models" / "ear"
NEEDED = ("torch",)


@pytest.fixture(scope="module")
def load():
    """Loads a script by name; skips where the recipe's packages are not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"the recipe's packages are not installed: {', '.join(missing)}")
    before = set(sys.modules)
    sys.path.insert(0, str(FOLDER))
    yield import_module
    sys.path.remove(str(FOLDER))
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(FOLDER)):
            del sys.modules[name]


def _script(name: str):
    @pytest.fixture(scope="module", name=name)
    def loaded(load):
        return load(name)

    return loaded


changes, export, heads, judge, lessons, recordings = map(
    _script, ("changes", "export", "heads", "judge", "lessons", "recordings")
)
