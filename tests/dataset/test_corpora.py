from dataclasses import replace
from pathlib import Path

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus.manifest import Row, write
from moodprint.dataset.config import CorpusConfig
from moodprint.dataset.corpora import read_corpus
from moodprint.dataset.samples import FileStretch
from moodprint.errors import CorpusError, EncodingError, MissingFileError

ROW = Row("s1", "song", "/x/mix.mp3", "fear", 5.0, 10.0, "game", "beef", "beef")


def _csv(tmp_path, text, **more):
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CorpusConfig("mine", labels=path, label="mood", group="artist", **more)


def _read(tmp_path, text, **more):
    return read_corpus(_csv(tmp_path, text, **more), tmp_path)


def test_a_table_of_labels_is_read(tmp_path):
    first, second = _read(tmp_path, "file,mood,artist,more\na.wav,sad,x,1\nb.wav,, ,2\n")
    assert first.id == first.song == "mine/a.wav"
    assert first.excerpt == Excerpt(tmp_path / "a.wav")
    assert (first.label, first.group, first.corpus) == ("sad", "x", "mine")
    assert (second.label, second.group, second.duplicate) == ("", "", "")


def test_a_column_may_name_duplicates(tmp_path):
    text = "file,mood,artist,same\na.wav,sad,x,d1\nb.wav,sad,y,\n"
    assert [each.duplicate for each in _read(tmp_path, text, duplicate="same")] == ["d1", ""]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_as_spreadsheets_write_it_is_read(tmp_path, encoding):
    (only,) = _read(tmp_path, "file,mood,artist\r\na.wav,sad,Björk\r\n".encode(encoding))
    assert (only.label, only.group) == ("sad", "Björk")


def test_a_table_in_another_encoding_is_told_by_file_and_line(tmp_path):
    with pytest.raises(EncodingError, match=r"labels\.csv, line 2: the byte 0xf6 is not UTF-8"):
        _read(tmp_path, "file,mood,artist\na.wav,sad,Björk\n".encode("latin-1"))


def test_a_file_that_is_listed_twice_is_two_samples_with_ids_of_their_own(tmp_path):
    found = _read(tmp_path, "file,mood,artist\n" + "a.wav,sad,x\n" * 3)
    assert [each.id for each in found] == ["mine/a.wav", "mine/a.wav#2", "mine/a.wav#3"]
    assert {each.song for each in found} == {"mine/a.wav"}


def test_a_table_that_cannot_be_meant_is_told(tmp_path):
    with pytest.raises(CorpusError, match="no column artist; its columns are file, mood"):
        _read(tmp_path, "file,mood\na.wav,sad\n")
    with pytest.raises(CorpusError, match="line 3: names no file"):
        _read(tmp_path, "file,mood,artist\na.wav,sad,x\n,sad,x\n")
    with pytest.raises(CorpusError, match="'mine' holds no labelled sample"):
        _read(tmp_path, "file,mood,artist\n")
    with pytest.raises(MissingFileError):
        read_corpus(CorpusConfig("gone", labels=tmp_path / "gone.csv"), tmp_path)


def test_a_corpus_folder_is_read_by_its_manifest(tmp_path):
    rows = [
        ROW,
        replace(ROW, id="s2", synthetic=True, file="audio/s2.ogg", hash="f00d"),
        replace(ROW, id="s3", keep=False),
        replace(ROW, id="s4", emotion=None),
    ]
    write(tmp_path, rows)
    first, second, third = read_corpus(CorpusConfig("games", folder=tmp_path), tmp_path)
    there = Excerpt(Path("/x/mix.mp3"), 5.0, 10.0)
    assert first.excerpt == there
    assert second.excerpt == Excerpt(tmp_path / "audio/s2.ogg")
    assert second.stretches == (FileStretch(second.excerpt, "f00d"), FileStretch(there, "beef"))
    assert (first.id, first.label, first.group) == ("games/s1", "fear", "game")
    assert first.song == second.song == "games/song"
    assert (first.synthetic, second.synthetic) == (False, True)
    assert third.label == ""


def test_a_folder_that_is_no_corpus_is_told(tmp_path):
    corpus = CorpusConfig("games", folder=tmp_path)
    with pytest.raises(CorpusError, match="make one by  corpus build"):
        read_corpus(corpus, tmp_path)
    (tmp_path / "manifest.parquet").write_bytes(b"PAR1 is not enough")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_corpus(corpus, tmp_path)
    write(tmp_path, [replace(ROW, keep=False)])
    with pytest.raises(CorpusError, match="holds no labelled sample"):
        read_corpus(corpus, tmp_path)


def test_toy_songs_are_samples_of_all_emotions(tmp_path):
    found = read_corpus(CorpusConfig("toys", toy_songs=2), tmp_path)
    assert [each.label for each in found] == sorted(["angry", "calm", "fear", "happy", "sad"] * 2)
    assert all(each.excerpt.path.is_relative_to(tmp_path / "toys") for each in found)
    assert len({each.group for each in found}) == 10
