"""Which files share music, as a graph in one HTML page that needs nothing else."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moodprint.files import write_output
from moodprint.fingerprint import SharedMusic, groups_of

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shared music</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; }}
table {{ border-collapse: collapse; }} td, th {{ padding: .2rem .8rem; text-align: left; }}
td.number {{ text-align: right; font-variant-numeric: tabular-nums; }}</style>
<script>{script}</script></head><body>
<h1>Shared music</h1>
<p>{summary}</p>
<div id="graph"></div>
<table><thead><tr><th>file</th><th>at s</th><th>shares with</th><th>at s</th><th>seconds</th>
<th>speed</th><th>semitones</th><th>score</th></tr></thead><tbody>
{rows}
</tbody></table>
<script>Plotly.newPlot("graph", {data}, {layout}, {{responsive: true}});</script>
</body></html>
"""
_AXIS = {"visible": False, "range": [-1.25, 1.25]}


def write_shared_music(files: Sequence[str], shared: Sequence[SharedMusic], path: Path) -> None:
    """Write the page of the files and what they share.

    Raises:
        NoPermissionError, InputError: the file cannot be written.
    """
    write_output(path, render_shared_music(files, shared))


def render_shared_music(files: Sequence[str], shared: Sequence[SharedMusic]) -> bytes:
    """The page, as UTF-8. Files that share nothing are counted and not drawn."""
    from plotly.offline import get_plotlyjs

    groups = groups_of(shared)
    drawn = [file for group in groups for file in group.files]
    summary = f"{len(drawn)} of {len(files)} files share music, in {len(groups)} groups."
    page = _PAGE.format(
        script=get_plotlyjs(),
        summary=summary,
        rows="\n".join(_row(pair) for pair in shared),
        data=_script_json(graph(drawn, shared)),
        layout=_script_json(_layout(len(drawn))),
    )
    return page.encode("utf-8", "replace")


def graph(files: Sequence[str], shared: Sequence[SharedMusic]) -> list[dict[str, Any]]:
    """Traces as plotly.js reads them: a line a pair, then the files on a circle."""
    place = {file: _on_circle(number, len(files)) for number, file in enumerate(files)}
    lines = [_line(pair, place[pair.first], place[pair.second]) for pair in shared]
    nodes = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [place[file][0] for file in files],
        "y": [place[file][1] for file in files],
        "text": [html.escape(Path(file).name) for file in files],
        "hovertext": [html.escape(file) for file in files],
        "hoverinfo": "text",
        "textposition": "top center",
        "marker": {"size": 12, "color": "#0d7b72"},
    }
    return [*lines, nodes]


def _line(
    pair: SharedMusic, start: tuple[float, float], end: tuple[float, float]
) -> dict[str, Any]:
    words = f"{pair.duration_s:.1f} s shared, speed {pair.speed:.3f}, score {pair.score:.0f}"
    middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [start[0], middle[0], end[0]],
        "y": [start[1], middle[1], end[1]],
        "text": words,
        "hoverinfo": "text",
        "line": {"color": "#8a8a8a", "width": 1 + min(5.0, pair.duration_s / 30)},
    }


def _on_circle(number: int, total: int) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(total, 1)
    return round(math.cos(angle), 4), round(math.sin(angle), 4)


def _layout(files: int) -> dict[str, Any]:
    return {
        "showlegend": False,
        "height": 500 + 8 * min(files, 60),
        "xaxis": _AXIS,
        "yaxis": {**_AXIS, "scaleanchor": "x"},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "hovermode": "closest",
    }


def _row(pair: SharedMusic) -> str:
    numbers = [f"{pair.duration_s:.1f}", f"{pair.speed:.3f}", f"{pair.pitch_semitones:+.2f}"]
    cells = [
        f"<td>{html.escape(pair.first)}</td>",
        _number(f"{pair.first_offset_s:.1f}"),
        f"<td>{html.escape(pair.second)}</td>",
        *map(_number, [f"{pair.second_offset_s:.1f}", *numbers, f"{pair.score:.0f}"]),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _number(text: str) -> str:
    return f'<td class="number">{text}</td>'


def _script_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
