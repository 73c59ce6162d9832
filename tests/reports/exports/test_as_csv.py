from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.prediction import Failure
from moodprint.reports.exports import render


def _read(results):
    return list(csv.DictReader(io.StringIO(render(results, "csv").decode("utf-8"), newline="")))


def test_a_row_for_the_file_and_each_segment(timeline, failure):
    rows = _read([timeline, failure])
    assert [row["level"] for row in rows] == ["file"] + ["segment"] * 7 + ["error"]
    assert (rows[0]["source"], rows[0]["end_s"]) == ("songs/one.mp3", "20.0")
    assert (rows[0]["emotion"], rows[0]["abstained"]) == ("calm", "false")
    assert float(rows[1]["p_calm"]) == pytest.approx(0.8)
    assert rows[4] | {"presence": "speech", "emotion": "", "valence": ""} == rows[4]
    assert rows[-1]["error"] == failure.error


def test_no_results_are_a_header_alone():
    assert _read([]) == []
    assert render([], "csv").startswith(b"source,level,start_s,")


@pytest.mark.parametrize("name", ["=1+1.mp3", "+x.mp3", "-x.mp3", "@SUM(A1).mp3", "\t=x.mp3"])
def test_a_source_that_reads_as_a_formula_stays_a_path(name, timeline):
    row = _read([replace(timeline, source=name)])[0]
    assert row["source"] == f"./{name}"


@pytest.mark.parametrize("name", ["a\rb", "a\nb", 'a"b', "a,b", "a\r\nb"])
def test_a_name_with_marks_of_csv_stays_in_its_cell(name, timeline):
    assert _read([replace(timeline, source=name)])[0]["source"] == name


def test_other_text_that_reads_as_a_formula_is_marked_as_text():
    row = _read([Failure("=x", "=cmd|' /C calc'!A0: is empty")])[0]
    assert row["error"].startswith("'=cmd")


@given(data=st.data())
def test_any_results_give_their_rows_and_no_formula(any_results, data):
    results = data.draw(any_results)
    rows = _read(results)
    wanted = sum(1 + len(getattr(result, "segments", ())) for result in results)
    assert len(rows) == wanted
    for row in rows:
        for column in ("source", "track", "reason", "warnings", "model", "error"):
            assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r"))
