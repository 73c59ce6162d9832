"""The Python that the pages show: it parses, what it imports is there, and no name falls from
the sky."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


def _blocks() -> list[tuple[str, str]]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [(page.name, block) for page in pages for block in BLOCK.findall(page.read_text())]


def test_the_pages_show_some() -> None:
    assert {page for page, _ in _blocks()} >= {"README.md", "corpus.md", "generation.md"}


@pytest.mark.parametrize(("page", "block"), _blocks())
def test_imports_are_there_and_names_are_bound(page: str, block: str) -> None:
    tree = ast.parse(block)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    found: dict[str, object] = {}
    for node in imports:
        exec(compile(ast.Module([node], []), page, "exec"), found)  # noqa: S102
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    assert used <= bound | set(found) | set(dir(builtins)), f"{page} shows names that are nowhere"
