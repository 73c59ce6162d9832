from dataclasses import replace

import any_answers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.emotion import EMOTIONS
from moodprint.prediction import Failure
from moodprint.reports.exports.rows import COLUMNS, FLAG, NUMBER, TEXT, rows


def test_a_file_has_a_row_and_then_one_a_segment(timeline):
    whole, *segments = rows([timeline])
    assert (whole["level"], whole["start_s"], whole["end_s"]) == ("file", 0.0, 20.0)
    assert whole["emotion"] == "calm"
    assert [row["level"] for row in segments] == ["segment"] * len(timeline.segments)
    assert (segments[0]["start_s"], segments[0]["end_s"]) == (0, 5)
    assert {row["source"] for row in segments} == {"songs/one.mp3"}
    assert {row["model"] for row in segments} == {timeline.model}


def test_a_failure_is_a_row_of_its_own(failure):
    [row] = rows([failure])
    assert (row["level"], row["source"], row["error"]) == ("error", "bad.mp3", failure.error)
    assert row["emotion"] is None


def test_each_probability_has_a_column(timeline):
    row = next(rows([timeline]))
    assert sum(row[f"p_{emotion}"] for emotion in EMOTIONS) == pytest.approx(1)
    assert row["p_calm"] == pytest.approx(0.66)


def test_a_file_without_music_has_no_emotion_and_says_why(speech_timeline):
    whole, *segments = rows([speech_timeline])
    assert (whole["emotion"], whole["reason"]) == (None, "no music was heard")
    assert {row["presence"] for row in segments} == {"speech"}
    assert {row["valence"] for row in segments} == {None}


def test_warnings_are_joined_and_none_are_nothing(timeline):
    warned = replace(timeline, warnings=("is cut off", "begins late"))
    assert next(rows([warned]))["warnings"] == "is cut off; begins late"
    assert next(rows([timeline]))["warnings"] is None


def test_explanations_have_no_columns(explained_timeline, timeline):
    assert list(rows([explained_timeline])) == list(rows([timeline]))


@given(answers=st.lists(any_answers.answers(), max_size=3))
def test_every_row_has_every_column_with_a_value_of_its_kind(answers):
    kinds = {TEXT: str, NUMBER: float | int, FLAG: bool}
    found = list(rows(answers))
    assert len(found) == sum(
        1 if isinstance(answer, Failure) else 1 + len(answer.segments) for answer in answers
    )
    for row in found:
        assert list(row) == list(COLUMNS)
        for name, value in row.items():
            assert value is None or isinstance(value, kinds[COLUMNS[name]])
