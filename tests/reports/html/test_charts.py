from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS, Emotion
from moodprint.reports.html.charts import PRESENCE_COLOURS, figure
from moodprint.reports.palette import COLOURS


def _trace(drawn, name):
    return next(trace for trace in drawn["data"] if trace.get("name") == name)


def test_plotly_accepts_it(timeline):
    drawn = go.Figure(figure(timeline))
    assert {trace.name for trace in drawn.data if trace.name} >= {*EMOTIONS, "valence", "arousal"}


def test_probabilities_stack_to_one_where_there_is_music_and_to_nothing_elsewhere(timeline):
    drawn = figure(timeline)
    layers = [_trace(drawn, str(emotion)) for emotion in EMOTIONS]
    heights = [sum(values) for values in zip(*(layer["y"] for layer in layers), strict=True)]
    music = [cell.prediction.emotion is not None for cell in timeline.segments for _ in range(2)]
    assert heights == pytest.approx([float(is_music) for is_music in music])
    assert layers[0]["x"][:4] == [0, 3.75, 3.75, 6.25]


def test_what_is_heard_lies_in_its_lane(timeline):
    lane = {t["name"]: t for t in figure(timeline)["data"] if t.get("yaxis") == "y3"}
    assert set(lane) == {"music", "speech", "silence"}
    assert (lane["speech"]["base"], lane["speech"]["x"]) == ([8.75], [2.5])


def test_words_under_the_pointer(timeline):
    words = next(t for t in figure(timeline)["data"] if t.get("mode") == "markers")["hovertext"]
    assert words[0].startswith("<b>0:00</b>  calm (0.80)<br>calm 80%<br>")
    assert words[3].endswith("no music (speech)")
    assert "A &amp; B &lt;Theme&gt;" in words[-1]


def test_valence_breaks_where_there_is_no_music(timeline):
    valence = _trace(figure(timeline), "valence")
    assert valence["y"][3:5] == [None, None]
    assert valence["connectgaps"] is False


@pytest.mark.parametrize(
    ("duration_s", "last"), [(20, "0:20"), (200, "3:00"), (3600, "1:00:00"), (0, "0:00")]
)
def test_ticks_are_read_as_times(duration_s, last, timeline):
    ticks = figure(replace(timeline, duration_s=duration_s))["layout"]["xaxis"]["ticktext"]
    assert ticks[-1] == last
    assert len(ticks) <= 9


@settings(max_examples=8)
@given(data=st.data())
def test_any_timeline_is_drawn(any_timeline, data):
    go.Figure(figure(data.draw(any_timeline)))


def test_a_figure_is_plain_json(timeline):
    drawn = figure(timeline)
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn


def test_lanes_lie_one_above_another_and_share_the_time(timeline):
    layout = figure(timeline)["layout"]
    lanes = [layout[name]["domain"] for name in ("yaxis2", "yaxis", "yaxis3")]
    assert all(0 <= low < high <= 1 for low, high in lanes)
    assert all(below[1] < above[0] for below, above in pairwise(lanes))
    assert layout["xaxis"]["range"] == [0, 20.0]
    assert [note["text"] for note in layout["annotations"]] == [
        "what is heard", "probability of each emotion", "valence (line) and arousal (dots)",
    ]  # fmt: skip


def test_each_emotion_has_its_colour_of_the_palette(timeline):
    drawn = figure(timeline)
    for emotion in EMOTIONS:
        assert _trace(drawn, str(emotion))["fillcolor"] == COLOURS[emotion]


def test_the_presence_is_a_bar_as_long_as_its_time(timeline):
    bars = [trace for trace in figure(timeline)["data"] if trace["type"] == "bar"]
    assert sum(sum(bar["x"]) for bar in bars) == pytest.approx(20)
    for bar in bars:
        assert bar["marker"]["color"] == PRESENCE_COLOURS[bar["name"]]
        assert len(bar["base"]) == len(bar["x"]) == len(bar["text"]) == len(bar["hovertext"])


def test_valence_and_arousal_are_points_in_the_middle_of_their_time(timeline):
    drawn = figure(timeline)
    valence, arousal = _trace(drawn, "valence"), _trace(drawn, "arousal")
    assert valence["x"] == arousal["x"]
    assert (valence["x"][0], valence["y"][0], arousal["y"][0]) == (1.875, 0.5, -0.6)
    assert (valence["line"]["dash"], arousal["line"]["dash"]) == ("solid", "dot")


def test_a_timeline_without_segments_is_an_empty_chart(timeline):
    drawn = figure(replace(timeline, segments=(), duration_s=0.0))
    assert all(not trace.get("x") for trace in drawn["data"])
    assert drawn["layout"]["xaxis"]["range"] == [0, 0.001]


def test_names_in_the_words_are_escaped(timeline, make_music):
    hostile = replace(make_music(0, 5, Emotion.SAD), track="<img src=x onerror=alert(1)>")
    words = next(
        trace["hovertext"]
        for trace in figure(replace(timeline, segments=(hostile,)))["data"]
        if trace.get("mode") == "markers"
    )
    assert "<img" not in words[0]
    assert "&lt;img" in words[0]
