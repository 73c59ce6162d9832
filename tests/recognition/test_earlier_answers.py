"""Which answers of an earlier run still stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_analysis import answer

from moodprint.answer_origin import AnswerOrigin, FileState
from moodprint.errors import OptionError
from moodprint.prediction import Failure
from moodprint.recognition.earlier_answers import (
    MOST_TRIES,
    EarlierAnswers,
    as_json_has_them,
    differences,
)

OPTIONS = {"hop_s": 2.5, "among": ["sad", "calm"]}


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(b"123")
    return str(path)


def earlier(*answers) -> EarlierAnswers:
    return EarlierAnswers({each.source: each for each in answers}, OPTIONS)


def timeline(source, state):
    return replace(answer(source, 1.0, 0.5), origin=AnswerOrigin(state, OPTIONS))


def failure(source, state, ends=0):
    return Failure(source, "bad", ends, AnswerOrigin(state, OPTIONS))


def test_a_file_that_is_as_it_was_keeps_its_answer(song):
    as_it_was = timeline(song, FileState.of(song))
    assert earlier(as_it_was).standing([song]) == {song: as_it_was}
    assert earlier(timeline(song, FileState(4, 0))).standing([song]) == {}
    assert earlier(timeline(song, None)).standing([song]) == {}


def test_answers_of_other_files_stand_and_failures_of_theirs_do_not(song):
    other, failed = timeline("/none.wav", FileState(1, 1)), failure("/bad.wav", None)
    assert earlier(other, failed).standing([song]) == {"/none.wav": other}


@pytest.mark.parametrize("ends", range(MOST_TRIES + 1))
def test_a_failure_stands_once_it_has_ended_its_process_too_often(song, ends):
    failed = failure(song, FileState.of(song), ends)
    assert earlier(failed).standing([song]) == ({song: failed} if ends >= MOST_TRIES else {})
    assert earlier(failure(song, FileState(9, 9), ends)).standing([song]) == {}


def test_ends_are_counted_while_the_file_is_the_same(song):
    state, crashed = FileState.of(song), Failure(song, "crashed", 1)
    first = earlier().with_origin(crashed, state)
    assert (first.process_ends, first.error) == (1, "crashed")
    second = earlier(first).with_origin(crashed, state)
    assert second.process_ends == 2
    assert "--resume does not try it again: touch the file" in second.error
    assert earlier(first).with_origin(crashed, FileState(9, 9)).process_ends == 1
    assert earlier(first).with_origin(Failure(song, "empty"), state).process_ends == 0


def test_answers_of_other_options_are_refused(song):
    other = replace(timeline(song, None), origin=AnswerOrigin(None, OPTIONS | {"hop_s": 1.0}))
    with pytest.raises(OptionError, match=r"hop_s was 1\.0 and is 2\.5 now"):
        earlier(other)
    with pytest.raises(OptionError, match="does not say with which options"):
        earlier(replace(other, origin=None))


def test_differences_name_what_is_there_on_one_side_only():
    assert differences({"a": 1}, {"a": 1}) == ""
    assert differences({"a": 1}, {"b": 2}) == "a was 1 and is None now, b was None and is 2 now"


def test_options_are_compared_as_json_has_them():
    assert as_json_has_them({"among": ("sad",), "hop_s": 1}) == {"among": ["sad"], "hop_s": 1}
