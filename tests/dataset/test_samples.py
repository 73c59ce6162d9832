from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus.manifest import Row, write
from moodprint.dataset.samples import (
    groups_of,
    lineage_of,
    read_corpus,
    segmented,
    with_equal_files,
)
from moodprint.errors import CorpusError, EncodingError, MissingFileError
from moodprint.study.config import CorpusConfig


def _csv(tmp_path, text):
    path = tmp_path / "labels.csv"
    path.write_text(text)
    return CorpusConfig("mine", labels=path, label="mood", group="artist")


def test_a_table_of_labels_is_read(tmp_path):
    corpus = _csv(tmp_path, "file,mood,artist,more\na.wav,sad,x,1\nb.wav,,,2\n")
    first, second = read_corpus(corpus, tmp_path)
    assert first.id == first.song == "mine/a.wav"
    assert first.excerpt.path == tmp_path / "a.wav"
    assert (first.label, first.group, first.corpus) == ("sad", "x", "mine")
    assert (second.label, second.group) == ("", "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_table_as_spreadsheets_write_it_is_read(tmp_path, encoding):
    corpus = _csv(tmp_path, "")
    corpus.labels.write_bytes("file,mood,artist\r\na.wav,sad,Björk\r\n".encode(encoding))
    (only,) = read_corpus(corpus, tmp_path)
    assert (only.label, only.group) == ("sad", "Björk")


def test_a_table_in_another_encoding_is_told_by_file_and_line(tmp_path):
    corpus = _csv(tmp_path, "")
    corpus.labels.write_bytes("file,mood,artist\na.wav,sad,Björk\n".encode("latin-1"))
    with pytest.raises(EncodingError, match=r"labels\.csv, line 2: the byte 0xf6 is not UTF-8"):
        read_corpus(corpus, tmp_path)


def test_a_missing_column_names_those_there_are(tmp_path):
    with pytest.raises(CorpusError, match="no column artist; its columns are file, mood"):
        read_corpus(_csv(tmp_path, "file,mood\na.wav,sad\n"), tmp_path)
    with pytest.raises(CorpusError, match="line 3: names no file"):
        read_corpus(_csv(tmp_path, "file,mood,artist\na.wav,sad,x\n,sad,x\n"), tmp_path)
    with pytest.raises(CorpusError, match="holds no labelled sample"):
        read_corpus(_csv(tmp_path, "file,mood,artist\n"), tmp_path)
    with pytest.raises(MissingFileError):
        read_corpus(CorpusConfig("gone", labels=tmp_path / "gone.csv"), tmp_path)


def test_a_corpus_folder_is_read_by_its_manifest(tmp_path):
    row = Row("s1", "song", "/x/mix.mp3", "fear", 5.0, 10.0, "game", "h", "h")
    rows = [
        row,
        replace(row, id="s2", synthetic=True, file="audio/s2.ogg"),
        replace(row, id="s3", keep=False),
        replace(row, id="s4", emotion=None),
    ]
    write(tmp_path, rows)
    first, second, third = read_corpus(CorpusConfig("games", folder=tmp_path), tmp_path)
    assert first.excerpt == Excerpt(Path("/x/mix.mp3"), 5.0, 10.0)
    assert second.excerpt == Excerpt(tmp_path / "audio/s2.ogg")
    assert (first.id, first.label, first.group) == ("games/s1", "fear", "game")
    assert first.song == second.song == "games/song"
    assert (first.made, second.made) == (False, True)
    assert third.label == ""


def test_a_broken_manifest_is_told(tmp_path):
    corpus = CorpusConfig("games", folder=tmp_path)
    with pytest.raises(CorpusError, match="make one by  corpus build"):
        read_corpus(corpus, tmp_path)
    (tmp_path / "manifest.parquet").write_bytes(b"PAR1 is not enough")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_corpus(corpus, tmp_path)


def test_segments_cover_a_file_evenly(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(8000 * 12), 8000)
    corpus = _csv(tmp_path, "file,mood,artist\na.wav,sad,x\n")
    parts = segmented(read_corpus(corpus, tmp_path), 5.0)
    assert [(p.excerpt.start_s, p.excerpt.end_s) for p in parts] == [(0, 6), (6, 12)]
    assert len({part.id for part in parts}) == 2
    assert {part.song for part in parts} == {"mine/a.wav"}


def test_of_a_long_track_a_few_segments_are_kept_spread_evenly(sample):
    track = sample("a")
    track = replace(track, excerpt=replace(track.excerpt, end_s=50.0))
    few = segmented([track], 5.0, 3)
    assert [part.excerpt.start_s for part in few] == [5.0, 25.0, 40.0]
    assert all(part.excerpt.end_s - part.excerpt.start_s == 5 for part in few)
    assert segmented([track], 5.0, 99) == segmented([track], 5.0)


def test_a_file_that_cannot_be_read_stays_one_sample(tmp_path):
    corpus = _csv(tmp_path, "file,mood,artist\ngone.wav,sad,x\n")
    assert len(segmented(read_corpus(corpus, tmp_path), 5.0)) == 1


def test_groups_join_artist_song_and_duplicates(sample):
    rows = [
        sample("a", group="x"),
        sample("b", group="x"),
        sample("c", group="y", duplicate="d"),
        sample("e", group="z", duplicate="d"),
        sample("f", song="s"),
        sample("g", song="s"),
    ]
    assert groups_of(rows).tolist() == [0, 0, 1, 1, 2, 2]
    assert lineage_of(rows).duplicates == ["", "", "d", "d", "", ""]


def test_equal_files_under_different_names_are_duplicates(tmp_path):
    for name, content in {"a": b"one", "b": b"one", "c": b"two", "d": b"three"}.items():
        (tmp_path / f"{name}.wav").write_bytes(content)
    lines = [f"{name}.wav,sad,artist {name}" for name in "abcd"]
    corpus = _csv(tmp_path, "\n".join(["file,mood,artist", *lines, "gone.wav,sad,x"]))
    samples = with_equal_files(read_corpus(corpus, tmp_path))
    first, second, *others = (sample.duplicate for sample in samples)
    assert first == second != ""
    assert others == ["", "", ""]
    assert len(set(groups_of(samples))) == 4


def test_toy_songs_are_made_once_and_alike(tmp_path):
    corpus = CorpusConfig("toys", made=1)
    first = read_corpus(corpus, tmp_path)
    assert sorted(each.label for each in first) == ["angry", "calm", "fear", "happy", "sad"]
    content = {each.id: each.excerpt.path.read_bytes() for each in first}
    again = read_corpus(corpus, tmp_path / "elsewhere")
    assert content == {each.id: each.excerpt.path.read_bytes() for each in again}
