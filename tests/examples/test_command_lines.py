"""Every command line that the README and the pages show is one that `moodprint` takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from every_command import parse, root

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
INDENTED = re.compile(r"^(?:    .*\n)+", re.M)
LINE = re.compile(r"^(?:    |\$ |.*\| )?(moodprint [a-z].*)$", re.M)
"""Bare, behind a prompt or behind a pipe."""


def _blocks(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    fenced = [block for language, block in FENCED.findall(text) if language in ("", "sh")]
    return [*fenced, *INDENTED.findall(FENCED.sub("", text))]


def _lines() -> list[tuple[str, str]]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    blocks = [(page.name, block) for page in pages for block in _blocks(page)]
    return [(page, line) for page, block in blocks for line in LINE.findall(block)]


def test_the_pages_show_many() -> None:
    assert len(_lines()) > 40
    assert {page for page, _ in _lines()} >= {"README.md", "matching.md", "study.md", "features.md"}


@pytest.mark.parametrize(("page", "line"), _lines())
def test_each_line_is_one_that_is_taken(page: str, line: str) -> None:
    """Words in brackets may be left out: here they are not."""
    without_brackets = re.sub(r"\[(-[^]]*)\]", r"\1", line)
    name, *words = shlex.split(without_brackets, comments=True)
    assert name == "moodprint"
    parse(root(), words)
