from __future__ import annotations

from dataclasses import replace

import mir_eval
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.reports.exports import render
from moodprint.reports.spans import spans


def _read(timeline, path):
    path.write_bytes(render([timeline], "audacity"))
    return mir_eval.io.load_labeled_intervals(str(path), delimiter="\t")


def test_labels_with_their_times(timeline, tmp_path):
    times, labels = _read(timeline, tmp_path / "labels.txt")
    assert labels[:3] == ["calm (0.72)", "fear (0.70)", "no music (speech)"]
    assert times[1] == pytest.approx([6.25, 8.75])


def test_a_tab_in_a_track_name_makes_no_column(timeline, tmp_path):
    odd = replace(timeline.segments[0], track="one\ttwo\nthree")
    _, labels = _read(replace(timeline, segments=(odd,)), tmp_path / "labels.txt")
    assert labels == ["calm (0.80) - one two three"]


@given(data=st.data())
def test_any_timeline_gives_its_labels(any_timeline, data):
    timeline = data.draw(any_timeline)
    lines = render([timeline], "audacity").decode().splitlines()
    assert [line.count("\t") for line in lines] == [2] * len(spans(timeline.segments))
