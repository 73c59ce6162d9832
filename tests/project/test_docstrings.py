"""Every name that others may use says what it is."""

from __future__ import annotations

import ast

import pytest
from source_tree import definitions, parsed

NOT_YET = 44
"""How many public names are left bare; they only become fewer."""


def test_every_public_name_has_a_docstring() -> None:
    public = [each for each in definitions() if each.is_public]
    assert len(public) > 800, "the search finds the names"
    bare = [each.place for each in public if not ast.get_docstring(each.node)]
    assert len(bare) <= NOT_YET, "\n".join(bare)


@pytest.mark.parametrize("folder", ["src", "recipes", "benchmarks"])
def test_every_module_has_a_docstring(folder: str) -> None:
    bare = [str(path) for path, module in parsed(folder).items() if not ast.get_docstring(module)]
    assert not bare
