"""Files and folders named by a hostile hand: whatever a command prints or writes, no name steers a
terminal, turns a line round, becomes a formula or markup."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.cli.app import main

NAMES = (
    "a\x1b[31mred\x1b]0;title\x07.wav",
    "b\u202egnp.wav",
    "=cmd|' .wav",
    "@sum.wav",
    "<script>x<.wav",
    "two\nlines.wav",
    "\u200bhidden\ufeff.wav",
)
"""Escapes of terminals, an override of direction, formulas, markup, a line break, no width."""

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
FORMULA = re.compile(r"[=+\-@\t\r]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Songs in folders of emotions; one bad file among them, whose name errors repeat."""
    rng = np.random.default_rng(0)
    root = tmp_path_factory.mktemp("hostile")
    at_s = np.arange(8 * 16_000) / 16_000
    for number, name in enumerate(NAMES):
        place = root / "songs" / ("happy", "sad")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        strokes = np.exp(-4 * (at_s * 2 % 1)) * np.sin(2 * np.pi * (220 + 40 * number) * at_s)
        soundfile.write(place / name, 0.3 * strokes + rng.normal(0, 0.01, len(at_s)), 16_000)
    (root / "songs" / "sad" / f"bad{NAMES[0]}").write_bytes(b"no sound at all")
    lines = [f"{path.relative_to(root)},happy,{path.name}" for path in (root / "songs").rglob("*")]
    kept = [line for line in lines if "\n" not in line and line.count(",") == 2]
    (root / "labels.csv").write_text("\n".join(["file,emotion,group", *kept]), encoding="utf-8")
    return root


LINES = (
    *(f"analyze songs -f {form} -q" for form in ("table", "csv", "webvtt", "srt", "audacity")),
    "analyze songs -f elan -q --out elan",
    "analyze songs -q -f csv --out out.csv --report report.html",
    "match index songs --index idx -q",
    "match query songs --index idx -q",
    "match query songs --all-pairs -q",
    "match query songs --all-pairs -q --report pairs.html",
    "corpus build songs --out built -q",
    "corpus info built",
    "corpus validate built",
    "corpus split songs",
    "features extract songs --set acoustic --out features.csv -q",
    "evaluate labels.csv -q",
)


@pytest.mark.parametrize("line", LINES)
def test_no_name_steers_what_is_printed_or_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], line: str
) -> None:
    monkeypatch.chdir(folder)
    before = set(folder.rglob("*"))
    with pytest.raises(SystemExit):
        main(line.split())
    sys.stdout.flush()
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    for text in (out.replace("\r\n", "\n"), err):
        found = STEERS.search(text)
        assert found is None, f"{found[0]!r} in {text[max(0, found.start() - 60) :][:120]!r}"
    if " csv" in line and "--out" not in line:
        _check_cells(out)
    for path in set(folder.rglob("*")) - before:
        if path.suffix == ".csv":
            _check_cells(path.read_text(encoding="utf-8-sig"))
        if path.suffix == ".html":
            assert "<script>x<" not in path.read_text(encoding="utf-8")


def _check_cells(text: str) -> None:
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells
    for cell in cells:
        assert not FORMULA.match(cell) or _is_number(cell), cell


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
