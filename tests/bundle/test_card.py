import math
from dataclasses import FrozenInstanceError, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.bundle import Calibration, Card
from moodprint.errors import OptionError
from moodprint.json_fields import Fields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
FIELDS = {"name": "toy", "version": "1", "labels": ["a", "b"], "files": {"w.onnx": "0" * 64}}


def test_a_card_is_read_from_its_fields():
    card = Card.from_dict({**FIELDS, "licence": "MIT", "unknown": [1]})
    assert card == Card(
        name="toy", version="1", labels=("a", "b"), licence="MIT", files={"w.onnx": "0" * 64}
    )


def test_a_card_without_a_licence_says_so():
    assert Card.from_dict(FIELDS).licence == "no licence given"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "name is empty"),
        ({"name": "\x1b[31mear"}, "is no name, version or label"),
        ({"name": "e" * 201}, "is no name, version or label"),
        ({"version": "1\n2"}, "is no name, version or label"),
        ({"labels": ["a", "\u202eb"]}, "is no name, version or label"),
        ({"name": 3}, "name is 3, not a text"),
        ({"version": 1}, "version is 1, not a text"),
        ({"labels": ["a", "a"]}, "name one twice: a, a"),
        ({"labels": "angry"}, "labels is 'angry', not a list of texts"),
        ({"labels": [1]}, "not a list of texts"),
        ({"files": ["w.onnx"]}, "not an object"),
        ({"files": {"w.onnx": "0"}}, "64 hex digits"),
        ({"files": {"w.onnx": "G" * 64}}, "64 hex digits"),
        ({"files": {"w.onnx": 5}}, r"files\.w\.onnx is 5, not a text"),
        ({"files": {"w.pkl": "0" * 64}}, "may not hold"),
        ({"files": {"../w.onnx": "0" * 64}}, "may not hold"),
        ({"licence": 5}, "licence is 5, not a text"),
    ],
)
def test_a_card_with_what_it_may_not_have_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Card.from_dict({**FIELDS, **changes})


def test_a_calibration_is_read_from_its_fields():
    fields = Fields({"temperature": 2, "abstain_below": 0.25})
    assert Calibration.of(fields) == Calibration(2.0, 0.25)


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
def test_a_temperature_is_positive_and_finite(temperature):
    with pytest.raises(OptionError, match="temperature is a positive number"):
        Calibration(temperature, 0.3)


@pytest.mark.parametrize("limit", [-0.1, 1.1, math.nan])
def test_the_limit_of_abstaining_is_a_probability(limit):
    with pytest.raises(OptionError, match="abstain_below lies in 0 to 1"):
        Calibration(1.0, limit)


def test_a_subclass_adds_its_own_values():
    @dataclass(frozen=True, kw_only=True)
    class Sized(Card):
        size: int

        @classmethod
        def values(cls, fields):
            return {**super().values(fields), "size": fields.whole("size")}

    read = Sized.from_dict({**FIELDS, "size": 3})
    assert (read.name, read.size) == ("toy", 3)
    with pytest.raises(ValueError, match="size is missing"):
        Sized.from_dict(FIELDS)


def test_a_card_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Card.from_dict(FIELDS).name = "other"


@pytest.mark.parametrize("name", ["a.onnx", "a b.json", "ünï.txt", ".hidden.md", "x.safetensors"])
def test_files_of_weights_and_words_may_be_listed(name):
    assert list(Card.from_dict({**FIELDS, "files": {name: "a" * 64}}).files) == [name]


@pytest.mark.parametrize("temperature", [1e-6, 1, 1.341, 1e6])
def test_any_positive_temperature_is_taken(temperature):
    fields = Fields({"temperature": temperature, "abstain_below": 0})
    assert Calibration.of(fields).temperature == temperature


BANDS = [
    {"at_least": 0, "right": 0.3, "answers": 40},
    {"at_least": 0.5, "right": 0.6, "answers": 30},
]


def test_reliability_is_read_and_looked_up_by_confidence():
    fields = {"temperature": 1, "abstain_below": 0, "reliability": BANDS}
    calibration = Calibration.of(Fields(fields))
    assert [calibration.right_at(value) for value in (0.0, 0.49, 0.5, 1.0)] == [0.3, 0.3, 0.6, 0.6]
    assert Calibration(1.0, 0.0).right_at(0.5) is None


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        (BANDS[1:], "rise from 0"),
        (BANDS[::-1], "rise from 0"),
        ([*BANDS, BANDS[1]], "rise from 0"),
        ([{**BANDS[0], "right": 1.2}], "lies in 0 to 1, not at 1.2"),
        ([{"at_least": 0}], "right is missing"),
        ([3], "not an object"),
        ("none", "not a list"),
    ],
)
def test_a_table_of_reliability_without_sense_is_refused(bands, message):
    with pytest.raises(ValueError, match=message):
        Calibration.of(Fields({"temperature": 1, "abstain_below": 0, "reliability": bands}))


@given(st.dictionaries(st.sampled_from([*FIELDS, "licence"]), JSON))
def test_whatever_a_card_holds_it_is_read_or_refused_by_a_value_error(changes):
    try:
        card = Card.from_dict({**FIELDS, **changes})
    except ValueError:
        return
    assert card.name
    assert len(set(card.labels)) == len(card.labels)
