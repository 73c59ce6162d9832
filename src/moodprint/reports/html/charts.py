"""The plotly figure of a timeline: what was heard, how probable each emotion, valence and arousal.

Figures are plain dicts, as plotly.js reads them; the page colours grounds and letters itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from moodprint.cells import cells
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.prediction import Presence, Segment, Timeline
from moodprint.reports.palette import COLOURS
from moodprint.reports.spans import presence_spans
from moodprint.reports.timeline_text import clock, segment_words, tick_step_s

Figure = dict[str, Any]

PRESENCE_COLOURS = {
    Presence.MUSIC: "#5d6673",
    Presence.SPEECH: "#a35c6d",
    Presence.OTHER: "#86806a",
    Presence.SILENCE: "rgba(128,128,128,0.18)",
}
_PRESENCE_INK = dict.fromkeys(Presence, "#ffffff") | {Presence.SILENCE: "#808080"}
_PATTERNS = {Presence.SPEECH: "/", Presence.OTHER: "."}
"""So that they differ not by colour alone, as in the strips of the page."""

_MARGIN = {"l": 44, "r": 12, "t": 8, "b": 34}
_LANES = {"presence": (0.885, 0.94), "probabilities": (0.41, 0.83), "plane": (0.0, 0.34)}
_CAPTIONS = {
    "presence": "what is heard",
    "probabilities": "probability of each emotion",
    "plane": "valence (line) and arousal (dots)",
}
_MOST_TICKS = 8


def figure(timeline: Timeline) -> Figure:
    """Three lanes over one axis of seconds."""
    cut = cells(timeline.segments)
    return {
        "data": [
            *(_presence_trace(span) for span in _by_presence(timeline)),
            *(_probability_trace(cut, emotion) for emotion in EMOTIONS),
            _words_trace(cut),
            _plane_trace(cut, "valence", "solid"),
            _plane_trace(cut, "arousal", "dot"),
        ],
        "layout": _layout(timeline.duration_s),
    }


def _by_presence(timeline: Timeline) -> list[list[Segment]]:
    runs = presence_spans(timeline.segments)
    groups = [[run for run in runs if run.presence is presence] for presence in Presence]
    return [group for group in groups if group]


def _presence_trace(runs: Sequence[Segment]) -> Figure:
    presence = runs[0].presence
    return {
        "type": "bar",
        "orientation": "h",
        "name": str(presence),
        "base": [run.start_s for run in runs],
        "x": [run.end_s - run.start_s for run in runs],
        "y": [0.5] * len(runs),
        "width": 1,
        "yaxis": "y3",
        "marker": {
            "color": PRESENCE_COLOURS[presence],
            "line": {"width": 0},
            "pattern": {
                "shape": _PATTERNS.get(presence, ""),
                "fillmode": "overlay",
                "fgcolor": "#ffffff",
                "fgopacity": 0.35,
                "size": 6,
            },
        },
        "text": [str(presence)] * len(runs),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": _PRESENCE_INK[presence]},
        "hovertext": [f"{clock(r.start_s)}-{clock(r.end_s)} {presence}" for r in runs],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _probability_trace(cut: Sequence[Segment], emotion: Emotion) -> Figure:
    """One layer of the stack: steps that hold over a cell, nothing where there is no music."""
    steps: list[tuple[float, float | None]] = []
    for cell in cut:
        answer = cell.prediction
        share = round(answer.probabilities[emotion], 4) if answer.emotion is not None else 0.0
        steps += [(cell.start_s, share), (cell.end_s, share)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": str(emotion),
        "x": [time_s for time_s, _ in steps],
        "y": [probability for _, probability in steps],
        "stackgroup": "probabilities",
        "line": {"width": 0, "color": COLOURS[emotion]},
        "fillcolor": COLOURS[emotion],
        "yaxis": "y",
        "hoverinfo": "skip",
    }


def _words_trace(cut: Sequence[Segment]) -> Figure:
    """Nothing to see: it carries what the chart says in words where the pointer is."""
    return {
        "type": "scatter",
        "mode": "markers",
        "marker": {"opacity": 0, "size": 1},
        "x": [_middle_s(cell) for cell in cut],
        "y": [0.5] * len(cut),
        "hovertext": [_words(cell) for cell in cut],
        "hoverinfo": "text",
        "yaxis": "y",
        "showlegend": False,
    }


def _words(cell: Segment) -> str:
    answer = cell.prediction
    first = f"<b>{clock(cell.start_s)}</b>  {escape(segment_words(cell))}"
    if answer.emotion is None:
        return first
    ranked = sorted(answer.probabilities.items(), key=lambda item: -item[1])
    return first + "".join(f"<br>{emotion} {probability:.0%}" for emotion, probability in ranked)


def _plane_trace(cut: Sequence[Segment], name: str, dash: str) -> Figure:
    values = [getattr(cell.prediction, name) for cell in cut]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [_middle_s(cell) for cell in cut],
        "y": [None if value is None else round(value, 4) for value in values],
        "line": {"width": 2, "dash": dash},
        "connectgaps": False,
        "yaxis": "y2",
        "hovertemplate": f"{name} %{{y:+.2f}}<extra></extra>",
    }


def _middle_s(cell: Segment) -> float:
    return round((cell.start_s + cell.end_s) / 2, 3)


def _layout(duration_s: float) -> Figure:
    shared: Figure = {"fixedrange": True, "automargin": False, "zeroline": False}
    return {
        "height": 380,
        "margin": _MARGIN,
        "showlegend": False,
        "hovermode": "x",
        "hoverdistance": -1,
        "uniformtext": {"mode": "hide", "minsize": 10},
        "barmode": "overlay",
        "annotations": [_caption(name, _LANES[lane][1]) for lane, name in _CAPTIONS.items()],
        "bargap": 0,
        "dragmode": False,
        "xaxis": {
            "range": [0, max(duration_s, 0.001)],
            "anchor": "y2",
            "zeroline": False,
            "showgrid": False,
            "ticks": "outside",
            **_ticks(duration_s),
        },
        "yaxis": {
            **shared,
            "domain": list(_LANES["probabilities"]),
            "range": [0, 1],
            "tickvals": [0, 0.5, 1],
            "ticktext": ["0 %", "50 %", "100 %"],
        },
        "yaxis2": {
            **shared,
            "domain": list(_LANES["plane"]),
            "range": [-1.05, 1.05],
            "tickvals": [-1, 0, 1],
            "ticktext": ["-1", "0", "+1"],
        },
        "yaxis3": {**shared, "domain": list(_LANES["presence"]), "range": [0, 1], "visible": False},
    }


def _caption(text: str, above: float) -> Figure:
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "yanchor": "bottom"}
    return {"text": text, "y": above, "showarrow": False, **place}


def _ticks(duration_s: float) -> Figure:
    step_s = tick_step_s(duration_s, _MOST_TICKS)
    times = [tick * step_s for tick in range(int(duration_s / step_s) + 1)]
    return {"tickvals": times, "ticktext": [clock(time_s) for time_s in times]}
