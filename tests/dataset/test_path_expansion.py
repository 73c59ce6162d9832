from pathlib import Path

import pytest

from moodprint.audio.excerpt import Excerpt
from moodprint.corpus.manifest import Row, write
from moodprint.dataset.path_expansion import Sound, find_sounds, sound_columns
from moodprint.errors import CorpusError, NoMediaFoundError


@pytest.fixture
def corpus(tmp_path):
    """Two clips in a source, one of them a duplicate, and a written one."""
    common = {"song_id": "s", "source": "/x/mix.mp3", "emotion": None, "group": "s", "hash": "h"}
    rows = [
        Row("one", start_s=0.0, end_s=5.0, source_hash="h", **common),
        Row("two", start_s=5.0, end_s=9.0, source_hash="h", keep=False, **common),
        Row("three", start_s=9.0, end_s=14.0, source_hash="h", file="audio/three.ogg", **common),
    ]
    (tmp_path / "corpus").mkdir()
    return write(tmp_path / "corpus", rows).parent


def test_a_file_is_taken_as_it_is_and_a_folder_gives_its_media_sorted(tmp_path):
    for name in ("b.mp3", "a.wav", "notes.txt", "deep/c.ogg"):
        path = tmp_path / "songs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = find_sounds([Path("gone.mp3"), tmp_path / "songs"])
    assert found[0] == Sound(Excerpt(Path("gone.mp3")))
    assert [sound.excerpt.path.name for sound in found[1:]] == ["a.wav", "b.mp3", "c.ogg"]
    assert all(sound.id is None for sound in found)


def test_a_corpus_gives_its_kept_clips_with_their_ids(corpus):
    assert find_sounds([corpus]) == [
        Sound(Excerpt(Path("/x/mix.mp3"), 0.0, 5.0), "one"),
        Sound(Excerpt(corpus / "audio/three.ogg"), "three"),
    ]


def test_a_table_names_clips_by_id_and_times_and_files_by_their_path(corpus):
    files = [Sound(Excerpt(Path("a.wav")))]
    assert sound_columns(files) == {"file": ["a.wav"]}
    assert sound_columns(find_sounds([corpus]) + files) == {
        "id": ["one", "three", None],
        "file": ["/x/mix.mp3", str(corpus / "audio/three.ogg"), "a.wav"],
        "start_s": [0.0, 0.0, 0.0],
        "end_s": [5.0, None, None],
    }


def test_nothing_found_is_told_and_a_broken_corpus_too(tmp_path, corpus):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoMediaFoundError, match=r"no media file in .*empty"):
        find_sounds([tmp_path / "empty"])
    (corpus / "manifest.parquet").write_bytes(b"PAR1")
    with pytest.raises(CorpusError, match="cannot be read"):
        find_sounds([corpus])
