"""What the page is made of."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import moodprint.service.page
from moodprint.reports.palette import COLOURS

STATIC = Path(moodprint.service.page.__file__).parent / "static"
TEMPLATES = Path(moodprint.service.page.__file__).parent / "templates"


def test_emotions_have_the_colours_of_all_reports() -> None:
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    for emotion, colour in COLOURS.items():
        assert re.search(rf"--{emotion}: {colour};", style)


def test_scripts_of_others_are_the_ones_that_are_named() -> None:
    for line in (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


def test_nothing_is_inline_that_the_policy_forbids() -> None:
    for path in TEMPLATES.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|hx-on|\|safe", text)
    for path in STATIC.glob("*.js"):
        assert not re.search(
            r"innerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()
        )
