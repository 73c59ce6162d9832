"""The page of shared music is whole, and hostile names stay text."""

from __future__ import annotations

import json
import re
from pathlib import Path

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
