import os

import pytest

from moodprint.answer_origin import AnswerOrigin, FileState


def test_the_state_of_a_file_changes_with_its_size_and_its_time(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"123")
    os.utime(path, ns=(5, 7))
    assert FileState.of(path) == FileState(3, 7)
    os.utime(path, ns=(5, 8))
    assert FileState.of(str(path)) == FileState(3, 8)
    path.write_bytes(b"1234")
    assert FileState.of(path).size_bytes == 4


@pytest.mark.parametrize("name", ["none", "nul\0byte", "n" * 300])
def test_what_is_not_there_has_no_state(tmp_path, name):
    assert FileState.of(tmp_path / name) is None


@pytest.mark.parametrize("state", [FileState(0, 0), FileState(3, 10**18), None])
def test_an_origin_comes_back_from_json_fields(state):
    origin = AnswerOrigin(state, {"hop_s": 2.5, "index": None})
    assert AnswerOrigin.from_dict(origin.to_dict()) == origin


@pytest.mark.parametrize("fields", [{}, {"options": 3}, {"options": {}, "size_bytes": "3"}, []])
def test_other_fields_are_refused(fields):
    with pytest.raises(ValueError, match=r"options|size_bytes|object"):
        AnswerOrigin.from_dict(fields)
