import math

import pytest

from moodprint.bundle import Calibration, Card
from moodprint.errors import OptionError
from moodprint.fields import Fields

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
