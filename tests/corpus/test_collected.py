"""The list of collected files: each line whole or not there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.media import Chapter
from moodprint.corpus.collected import (
    DETAILS,
    NAME,
    CollectedFile,
    append_collected,
    read_collected,
)
from moodprint.emotion import EMOTIONS
from moodprint.errors import CorpusError

words = st.text(st.characters(codec="utf-8"), min_size=1)
notes = st.builds(
    CollectedFile,
    file=words,
    key=words,
    emotion=st.none() | st.sampled_from(EMOTIONS),
    synthetic=st.booleans(),
    details=st.dictionaries(st.sampled_from(DETAILS), words),
    chapters=st.lists(
        st.builds(
            Chapter, st.floats(0, 1e5), st.floats(0, 1e5), st.text(st.characters(codec="utf-8"))
        )
    ).map(tuple),
)


@given(st.lists(notes, max_size=4, unique_by=lambda note: note.file))
def test_what_is_noted_is_read_back_line_breaks_of_any_kind_in_it(tmp_path_factory, noted):
    folder = tmp_path_factory.mktemp("collected")
    for note in noted:
        append_collected(folder, note)
    assert list(read_collected(folder).values()) == noted


def test_details_stand_beside_the_rest(tmp_path):
    append_collected(tmp_path, CollectedFile("a.mp3", "file:a", "sad", details={"title": "Rain"}))
    assert json.loads((tmp_path / NAME).read_text()) == {
        "chapters": [], "emotion": "sad", "file": "a.mp3", "key": "file:a",
        "synthetic": False, "title": "Rain",
    }  # fmt: skip


def test_a_line_cut_off_midway_does_not_count_and_is_replaced(tmp_path):
    first, second = (CollectedFile(f"{name}.mp3", name, "calm") for name in "ab")
    append_collected(tmp_path, first)
    whole = (tmp_path / NAME).read_text()
    (tmp_path / NAME).write_text(whole + '{"file": "happy/half')
    assert read_collected(tmp_path) == {"a.mp3": first}
    append_collected(tmp_path, second)
    assert read_collected(tmp_path) == {"a.mp3": first, "b.mp3": second}


def test_nothing_is_collected_where_there_is_no_list(tmp_path):
    assert read_collected(tmp_path) == {}


@pytest.mark.parametrize(
    "line",
    [
        "not a note",
        "[]",
        "12",
        '{"key": "k", "emotion": "sad"}',
        '{"file": "a", "emotion": "sad"}',
        '{"file": "a", "key": "k", "emotion": "gloomy"}',
        '{"file": "a", "key": "k", "chapters": [{"start_s": 1}]}',
        '{"file": "a", "key": "k", "chapters": 7}',
        '{"file": "a", "key": "k", "chapters": [[1, 2]]}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_line_that_is_no_note_is_named(tmp_path, line):
    good = '{"file": "a", "key": "k", "emotion": "sad"}'
    (tmp_path / NAME).write_text(f"{good}\n{line}\n")
    with pytest.raises(CorpusError, match=r"collected\.jsonl, line 2: is no collected file"):
        read_collected(tmp_path)


def test_bytes_that_are_no_text_are_named_by_their_line(tmp_path):
    (tmp_path / NAME).write_bytes(b'{"file": "\xff"}\n')
    with pytest.raises(CorpusError, match="line 1"):
        read_collected(tmp_path)
