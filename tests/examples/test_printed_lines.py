"""What the pages show as printed by the examples is what is printed, numbers apart."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from moodprint.bundle import shipped_bundles

ROOT = Path(__file__).parents[2]
RUN = "from moodprint.cli.app import main; main()"
SHOWN = re.compile(r"^\$ moodprint (analyze examples/.*)\n((?:(?!```|\$ ).*\n)+)", re.M)

pytestmark = pytest.mark.skipif(not shipped_bundles(), reason="no model is shipped")


def _examples() -> list[tuple[str, str, str]]:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [(page.name, *match) for page in pages for match in SHOWN.findall(page.read_text())]


def _without_numbers(line: str) -> str:
    """Other machines round otherwise; where columns stand may follow from that."""
    return " ".join(re.sub(r"[-+]?\d+(\.\d+)?", "#", line).split())


def test_the_pages_show_some() -> None:
    assert {page for page, *_ in _examples()} >= {"README.md", "explain.md"}


@pytest.mark.parametrize(("page", "words", "shown"), _examples())
def test_each_line_that_is_shown_is_printed(page: str, words: str, shown: str) -> None:
    command = [sys.executable, "-c", RUN, *shlex.split(words)]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(command, cwd=ROOT, env=wide, capture_output=True, text=True, check=True)
    printed = [_without_numbers(line) for line in done.stdout.splitlines()]
    strip = re.compile(r"^[acfhs?.~ ]+$|^(# ?: ?#\s*)+$")
    for line in map(_without_numbers, shown.splitlines()):
        if line and line != "..." and not strip.match(line):
            assert line in printed, f"{page} shows: {line}"


def _keys(value: object, path: str = "") -> set[str]:
    """The paths of all keys, those of a list's objects together; "..." stands for more."""
    if isinstance(value, list):
        return {key for each in value for key in _keys(each, path)}
    if not isinstance(value, dict):
        return set()
    inner = {key for name, each in value.items() for key in _keys(each, f"{path}/{name}")}
    return {f"{path}/{name}" for name in value if name != "..."} | inner


def test_the_json_that_the_pages_show_has_the_fields_that_are_written() -> None:
    pages = {name: (ROOT / "docs" / name).read_text() for name in ("formats.md", "explain.md")}
    block = re.compile(r"^```json\n(.*?)^```", re.M | re.S)
    [answers], [part] = (block.findall(text) for text in pages.values())
    words = ["analyze", "examples/film.mp4", "examples/README.md", "--explain", "--json"]
    done = subprocess.run([sys.executable, "-c", RUN, *words], cwd=ROOT, capture_output=True)
    written = _keys(json.loads(done.stdout))
    assert _keys(json.loads(answers)) <= written
    assert _keys(json.loads("{" + part + "}")) <= written
