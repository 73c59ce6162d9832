import json

import pytest

from moodprint.located import located


def test_what_a_place_names_is_found():
    assert located("json:dumps") is json.dumps
    assert located("moodprint.emotion:EMOTIONS")[0] == "angry"


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("moodprint.nowhere:NAME", ImportError),
        ("json:no_such_name", AttributeError),
        ("json", AttributeError),
        ("", ValueError),
    ],
)
def test_a_place_that_is_nowhere_fails(place, error):
    with pytest.raises(error):
        located(place)
