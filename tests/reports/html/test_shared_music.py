"""The page of shared music is whole, and hostile names stay text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from moodprint.fingerprint import SharedMusic
from moodprint.reports.html.shared_music import graph, render_shared_music, write_shared_music

HOSTILE = "x/</script><script>alert(1)</script>.mp3"
PAIRS = [
    SharedMusic("a.mp3", "b.mp3", 1.0, 2.0, 30.0, 1.08, 1.33, 88.0),
    SharedMusic("b.mp3", HOSTILE, 0.0, 12.5, 9.0, 1.0, 0.0, 44.0),
]


def test_the_page_tells_pairs_and_counts() -> None:
    page = render_shared_music(["a.mp3", "b.mp3", HOSTILE, "alone.mp3"], PAIRS).decode()
    assert "3 of 4 files share music, in 1 groups." in page
    assert page.count("<tr><td>") == 2
    assert "1.080" in page


def test_hostile_names_stay_text() -> None:
    page = render_shared_music([HOSTILE], PAIRS).decode()
    assert "<script>alert(1)" not in page


def test_the_graph_is_json_with_a_line_a_pair() -> None:
    page = render_shared_music(["a.mp3", "b.mp3", HOSTILE], PAIRS).decode()
    found = re.search(r'Plotly\.newPlot\("graph", (\[.*\]), \{"showlegend"', page)
    assert found
    *lines, nodes = json.loads(found.group(1))
    assert len(lines) == 2
    assert len(nodes["x"]) == 3


def test_nothing_shared_is_a_page_too(tmp_path: Path) -> None:
    write_shared_music(["a.mp3"], [], tmp_path / "page.html")
    assert "0 of 1 files share music" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert graph([], [])[0]["x"] == []


def _rows(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr><td>.*?</tr>", page)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]


def test_a_row_has_both_files_their_times_and_what_they_share() -> None:
    page = render_shared_music(["a.mp3", "b.mp3", HOSTILE], PAIRS).decode()
    assert _rows(page)[0] == ["a.mp3", "1.0", "b.mp3", "2.0", "30.0", "1.080", "+1.33", "88"]


def test_files_stand_on_a_circle_and_lines_join_the_pairs() -> None:
    files = ["a.mp3", "b.mp3", HOSTILE]
    *lines, nodes = graph(files, PAIRS)
    for x, y in zip(nodes["x"], nodes["y"], strict=True):
        assert x**2 + y**2 == pytest.approx(1, abs=1e-3)
    first, second = lines
    assert (first["x"][0], first["y"][0]) == (nodes["x"][0], nodes["y"][0])
    assert (first["x"][-1], first["y"][-1]) == (nodes["x"][1], nodes["y"][1])
    assert (second["x"][-1], second["y"][-1]) == (nodes["x"][2], nodes["y"][2])


def test_longer_shares_have_wider_lines_up_to_a_limit() -> None:
    pairs = [SharedMusic("a", "b", 0.0, 0.0, seconds, 1.0, 0.0, 50.0) for seconds in (10, 60, 9e9)]
    widths = [line["line"]["width"] for line in graph(["a", "b"], pairs)[:-1]]
    assert widths[0] < widths[1] < widths[2] == 6


def test_the_words_of_a_line_say_what_is_shared() -> None:
    line = graph(["a.mp3", "b.mp3", HOSTILE], PAIRS)[0]
    assert line["text"] == "30.0 s shared, speed 1.080, score 88"


def test_the_page_needs_nothing_else() -> None:
    page = render_shared_music(["a.mp3", "b.mp3", HOSTILE], PAIRS).decode()
    start = page.split("<body>")[1]
    assert "src=" not in start
    assert "Plotly.newPlot" in start
    assert page.startswith("<!doctype html>")


def test_files_without_company_are_counted_and_not_drawn() -> None:
    page = render_shared_music([*"abcdef", "a.mp3", "b.mp3", HOSTILE], PAIRS).decode()
    assert "3 of 9 files share music" in page


def test_the_same_pairs_give_the_same_bytes() -> None:
    files = ["a.mp3", "b.mp3", HOSTILE]
    assert render_shared_music(files, PAIRS) == render_shared_music(files, PAIRS)
