from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS
from moodprint.reports.html.charts import figure


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
