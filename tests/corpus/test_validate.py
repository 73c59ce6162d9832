"""Whether the sound of a corpus is there, and is what it was."""

import os

import pytest

from moodprint.corpus.manifest import Row, write
from moodprint.corpus.step_cache import hash_of
from moodprint.corpus.validate import Fault, validate
from moodprint.errors import CorpusError


@pytest.fixture
def corpus(tmp_path):
    """Two clips of one source, and one that was written; the bytes need be no sound."""
    (tmp_path / "audio").mkdir()
    (tmp_path / "source.wav").write_bytes(b"a source")
    (tmp_path / "audio" / "c.flac").write_bytes(b"a clip")
    source, clip = (hash_of(tmp_path / name) for name in ("source.wav", "audio/c.flac"))
    rows = [
        Row(name, "s", "source.wav", "sad", at, at + 5.0, "s", source, source)
        for at, name in enumerate("ab")
    ]
    written = Row("c", "s", "gone.wav", "sad", 2.0, 7.0, "s", clip, source, file="audio/c.flac")
    write(tmp_path, [*rows, written])
    return tmp_path


def faults(corpus):
    return {(problem.file, problem.fault, problem.clips) for problem in validate(corpus)}


def test_a_whole_corpus_is_well_and_each_file_is_read_once(corpus):
    steps = []
    assert validate(corpus, progress=lambda *step: steps.append(step)) == ()
    assert steps == [("read files", 1, 2), ("read files", 2, 2)]


@pytest.mark.parametrize("workers", [1, 2])
def test_missing_files_are_one_fault_and_changed_ones_another(corpus, workers):
    (corpus / "source.wav").write_bytes(b"a sourcE")
    (corpus / "audio" / "c.flac").unlink()
    found = {(each.file, each.fault, each.clips) for each in validate(corpus, workers=workers)}
    assert found == {
        (str(corpus / "source.wav"), Fault.CORRUPT, 2),
        (str(corpus / "audio" / "c.flac"), Fault.MISSING, 1),
    }


def test_what_stands_in_a_file_s_place_is_corrupt_and_never_waited_for(corpus):
    source = corpus / "source.wav"
    for stand_in in (source.touch, source.mkdir, lambda: os.mkfifo(source)):
        source.rmdir() if source.is_dir() else source.unlink()
        stand_in()
        assert faults(corpus) == {(str(source), Fault.CORRUPT, 2)}


def test_what_is_no_corpus(tmp_path):
    with pytest.raises(CorpusError, match="is no corpus"):
        validate(tmp_path)
