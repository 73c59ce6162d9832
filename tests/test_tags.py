import json

import any_answers
import pytest
from hypothesis import given

from moodprint.tags import TAG_COLUMNS, TEXT_TAGS, Tags

NOTHING = Tags(None, 0.0, None, None, 0.0, None, None)
SONG = Tags(127.96, 0.61234, "A minor", "8A", 0.9, -9.34, 5.55, -0.12)


@given(any_answers.tags())
def test_they_go_to_json_and_back_without_loss(tags):
    assert Tags.from_dict(json.loads(json.dumps(tags.to_dict()))).to_dict() == tags.to_dict()


def test_numbers_are_as_people_write_them():
    fields = SONG.to_dict()
    assert tuple(fields) == TAG_COLUMNS
    assert [fields["tempo_bpm"], fields["tempo_confidence"]] == [128.0, 0.612]
    assert [fields["loudness_lufs"], fields["true_peak_dbtp"]] == [-9.3, -0.1]
    assert {name for name, value in fields.items() if isinstance(value, str)} == TEXT_TAGS


def test_words_tell_what_can_be_told():
    assert str(SONG) == "128 bpm, A minor (8A), -9.3 LUFS"
    assert str(NOTHING) == ""


@pytest.mark.parametrize("missing", TAG_COLUMNS)
def test_what_lacks_a_column_is_none(missing):
    fields = SONG.to_dict()
    del fields[missing]
    with pytest.raises(ValueError, match=missing):
        Tags.from_dict(fields)
