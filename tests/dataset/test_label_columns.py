import pytest
import soundfile

from moodprint.dataset.label_columns import columns_by_content, labelled_corpus
from moodprint.errors import MissingFileError
from moodprint.text_input import read_csv


@pytest.fixture
def songs(tmp_path):
    for name in "abcd":
        soundfile.write(tmp_path / f"{name}.wav", [0.0], 8000)
    return tmp_path


def _table(songs, header, rows=("a.wav,sad,x", "b.wav,sad,y", "c.wav,calm,x", "d.wav,calm,z")):
    path = songs / "labels.csv"
    path.write_text("\n".join([header, *rows]))
    return path


def _columns(corpus):
    return (corpus.file, corpus.label, corpus.group)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("file,emotion,group", ("file", "emotion", "group")),
        ("path,emotion,artist", ("path", "emotion", "artist")),
        ("song,Mood,Actor", ("song", "Mood", "Actor")),
        ("song,what it is,something", ("song", "what it is", "song")),
    ],
)
def test_columns_are_found_by_what_they_hold(songs, header, columns):
    assert _columns(labelled_corpus(_table(songs, header))) == columns


def test_a_column_that_is_named_is_taken_as_it_is(songs):
    path = _table(songs, "path,emotion,artist")
    assert _columns(labelled_corpus(path, group="emotion")) == ("path", "emotion", "emotion")
    assert labelled_corpus(path, group="nowhere").group == "nowhere"


def test_what_is_no_table_of_labels_keeps_the_usual_names(songs):
    path = _table(songs, "x,y,z", ["1,2,3", "4,5,6"])
    assert columns_by_content(read_csv(path), songs) is None
    assert _columns(labelled_corpus(path)) == ("file", "emotion", "group")


def test_a_folder_is_a_corpus_and_a_missing_file_is_told(songs):
    assert labelled_corpus(songs).folder == songs
    with pytest.raises(MissingFileError):
        labelled_corpus(songs / "nothing.csv")
