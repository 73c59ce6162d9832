import json

import pytest

from moodprint.import_name import import_name


def test_what_a_place_names_is_found():
    assert import_name("json:dumps") is json.dumps
    assert import_name("moodprint.emotion:EMOTIONS")[0] == "angry"


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
        import_name(place)
