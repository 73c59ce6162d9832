"""The rows of the table of files: strips that cover the file, with what is no music told apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import Emotion
from moodprint.reports.html.preview import Preview
from moodprint.reports.html.sections import Section
from moodprint.reports.html.summary import pieces, summary
from moodprint.reports.palette import COLOURS


def _section(timeline):
    return Section("file-1", timeline, Preview(None), None)


def test_a_row_a_file_in_order_with_what_it_is_filtered_by(timeline, speech_timeline, make_answer):
    unsure = replace(timeline, overall=make_answer(Emotion.SAD, 0.3, abstained=True))
    rows = summary([_section(timeline), _section(speech_timeline), _section(unsure)])
    assert [row.section.name for row in rows] == ["one.mp3", "talk.wav", "one.mp3"]
    assert [row.status for row in rows] == ["calm", "no music", "unsure"]


def test_what_is_alike_is_joined_and_what_is_no_music_is_told_by_its_name(timeline):
    first, *rest = pieces(timeline)
    assert (first.start, first.width, first.colour) == (0, pytest.approx(31.67), COLOURS["calm"])
    assert [piece.presence for piece in rest if piece.colour is None] == ["speech", "silence"]
    assert rest[-2].opacity < 1, "unsure is pale"


def test_speech_is_seen(speech_timeline):
    assert {piece.presence for piece in pieces(speech_timeline)} >= {"speech"}


@given(data=st.data())
def test_any_strip_covers_the_file_once(any_timeline, data):
    found = pieces(data.draw(any_timeline))
    assert sum(piece.width for piece in found) == pytest.approx(100 if found else 0, abs=0.5)
    for one, other in pairwise(found):
        assert one.start + one.width == pytest.approx(other.start, abs=0.02)
