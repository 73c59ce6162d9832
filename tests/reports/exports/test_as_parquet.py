from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodprint.prediction import Failure
from moodprint.reports.exports import render


def _read(results):
    return pq.read_table(io.BytesIO(render(results, "parquet")))


def test_rows_with_their_types(timeline, failure):
    table = _read([timeline, failure])
    assert table.num_rows == 9
    kinds = {field.name: str(field.type).removeprefix("large_") for field in table.schema}
    assert kinds["source"].startswith("string")
    assert (kinds["start_s"], kinds["p_calm"], kinds["abstained"]) == ("double", "double", "bool")
    first = table.slice(1, 1).to_pylist()[0]
    assert first["p_calm"] == pytest.approx(0.8)
    assert table.column("error").to_pylist()[-1] == failure.error


def test_no_results_keep_the_columns():
    table = _read([])
    assert table.num_rows == 0
    assert {"source", "p_angry", "error"} <= set(table.column_names)


def test_a_name_that_is_not_utf8_is_written_readable():
    name = b"caf\xe9.mp3".decode("utf-8", "surrogateescape")
    assert _read([Failure(name, "x")]).column("source").to_pylist() == ["caf?.mp3"]


@settings(max_examples=20)
@given(data=st.data())
def test_any_results_give_their_rows(any_results, data):
    results = data.draw(any_results)
    table = _read(results)
    assert table.num_rows == sum(1 + len(getattr(r, "segments", ())) for r in results)
