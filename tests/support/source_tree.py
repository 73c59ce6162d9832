"""The package's own source, parsed: what the tests of tests/project look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "moodprint"

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(folder: str) -> dict[Path, ast.Module]:
    """The Python files below a folder of the repository, by path from its root."""
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files, f"{folder} holds no Python: the tests would pass on nothing"
    return {file.relative_to(ROOT): ast.parse(file.read_text()) for file in files}


@dataclass(frozen=True)
class Named:
    """A definition, with its place as ``path:Outer.inner``."""

    place: str
    node: Definition

    @property
    def is_public(self) -> bool:
        """Whether neither it nor what it stands in has a name with an underscore before it."""
        return not any(part.startswith("_") for part in self.place.split(":")[1].split("."))


@cache
def definitions() -> tuple[Named, ...]:
    """All classes, functions and methods of the package; not what functions define inside."""
    return tuple(
        Named(f"{path.relative_to('src/moodprint')}:{name}", node)
        for path, module in parsed("src/moodprint").items()
        for name, node in _definitions(module)
    )


def functions() -> Iterator[tuple[str, Function]]:
    """All functions and methods of the package, by their place."""
    for each in definitions():
        if not isinstance(each.node, ast.ClassDef):
            yield each.place, each.node


def words_of(identifier: str) -> set[str]:
    """The words that a name is made of: ``heardPeaks_of`` gives heard, peaks, of."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return {part.lower() for part in parts}


def identifiers(module: ast.Module) -> Iterator[tuple[int, str]]:
    """The names that a module gives to things, and their lines: not those that it only uses."""
    for node in ast.walk(module):
        if isinstance(node, Definition):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, ast.alias) and node.asname:
            yield node.lineno, node.asname


def _definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield f"{prefix}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from _definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _definitions(child, prefix)
