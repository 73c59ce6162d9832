import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.json_fields import Fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
READERS = [
    Fields.text,
    Fields.text_or_null,
    Fields.texts,
    Fields.flag,
    Fields.number,
    Fields.number_or_null,
    Fields.whole,
    Fields.wholes,
    Fields.part,
    Fields.parts,
]


def test_values_are_read_as_their_types():
    fields = Fields(
        {"t": "a", "ts": ["a", "b"], "f": True, "n": 2, "w": 3, "ws": [1, 2], "p": {"n": 0.5}}
    )
    assert fields.text("t") == "a"
    assert fields.texts("ts") == ("a", "b")
    assert fields.flag("f") is True
    assert fields.number("n") == 2.0
    assert isinstance(fields.number("n"), float)
    assert fields.whole("w") == 3
    assert fields.wholes("ws") == (1, 2)
    assert fields.part("p").number("n") == 0.5


def test_null_is_none_where_it_may_stand():
    fields = Fields({"null": None, "t": "a", "n": 1})
    assert (fields.text_or_null("null"), fields.text_or_null("t")) == (None, "a")
    assert (fields.number_or_null("null"), fields.number_or_null("n")) == (None, 1.0)


@pytest.mark.parametrize("read", READERS)
def test_what_is_missing_is_told_whatever_it_should_be(read):
    with pytest.raises(ValueError, match=r"^gone is missing$"):
        read(Fields({"here": None}), "gone")


def test_it_tells_what_it_holds():
    fields = Fields({"a": 1, "b": 2})
    assert list(fields) == ["a", "b"]
    assert "a" in fields
    assert "c" not in fields
    assert dict(fields) == {"a": 1, "b": 2}


def test_a_part_of_a_list_is_named_by_its_place():
    rows = list(Fields({"rows": [{"n": 1}, {"n": "x"}]}).parts("rows"))
    assert rows[0].whole("n") == 1
    with pytest.raises(ValueError, match=r"rows\[1\]\.n is 'x', not a whole number"):
        rows[1].whole("n")


@pytest.mark.parametrize(
    ("value", "read", "message"),
    [
        (1, Fields.text, "a is 1, not a text"),
        (["a", 1], Fields.texts, "not a list of texts"),
        ("ab", Fields.texts, "not a list of texts"),
        (1, Fields.flag, "a is 1, not true or false"),
        (True, Fields.number, "a is True, not a finite number"),
        ("1", Fields.number, "not a finite number"),
        (math.nan, Fields.number, "a is nan, not a finite number"),
        (math.inf, Fields.number, "a is inf, not a finite number"),
        (10**400, Fields.number, "not a finite number"),
        ([1, True], Fields.numbers, "not a list of finite numbers"),
        ([1.0, math.nan], Fields.numbers, "not a list of finite numbers"),
        (1.0, Fields.numbers, "a is 1.0, not a list of finite numbers"),
        (1.0, Fields.whole, "a is 1.0, not a whole number"),
        (True, Fields.whole, "a is True, not a whole number"),
        ([1, True], Fields.wholes, "not a list of whole numbers"),
        ([], Fields.part, r"a is \[\], not an object"),
        ({}, Fields.parts, r"a is \{\}, not a list of objects"),
    ],
)
def test_another_type_is_refused_with_what_came_and_what_was_expected(value, read, message):
    with pytest.raises(ValueError, match=message):
        read(Fields({"a": value}), "a")


def test_errors_name_the_whole_path_of_keys():
    with pytest.raises(ValueError, match=r"^calibration\.temperature is missing$"):
        Fields({"calibration": {}}).part("calibration").number("temperature")


def test_what_is_no_object_is_refused():
    with pytest.raises(ValueError, match=r"^the whole is \[1\], not an object$"):
        Fields([1])


def test_a_part_stays_the_part_that_it_is():
    part = Fields({"a": {}}).part("a")
    with pytest.raises(ValueError, match=r"^a\.b is missing$"):
        Fields(part).text("b")


def test_long_values_are_cut_in_messages():
    with pytest.raises(ValueError, match=r"not a finite number") as refused:
        Fields({"a": "x" * 10_000}).number("a")
    assert len(str(refused.value)) < 120


@given(JSON)
def test_whatever_stands_there_is_read_or_refused_by_a_value_error(value):
    fields = Fields({"a": value})
    for read in READERS:
        try:
            found = read(fields, "a")
        except ValueError as refused:
            assert str(refused).startswith("a is ")  # noqa: PT017
        else:
            assert found is None or isinstance(found, str | tuple | float | int | Fields | Iterator)
