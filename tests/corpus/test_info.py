"""Numbers of a corpus, and whether its files are what they were."""

import shutil

import pytest

from moodprint.corpus.build import BuildSettings, build
from moodprint.corpus.duplicate_groups import Method
from moodprint.corpus.info import info
from moodprint.corpus.manifest import NAME, read
from moodprint.corpus.validate import Fault, validate
from moodprint.errors import CorpusError


@pytest.fixture
def corpus(recordings, tmp_path):
    """A corpus with its sources in it, so that they can be spoiled."""
    shutil.copytree(recordings, tmp_path / "sources")
    build(
        tmp_path / "sources",
        tmp_path,
        BuildSettings(methods=frozenset((Method.LANDMARKS,)), workers=1),
    )
    return tmp_path


def test_numbers(corpus):
    found = info(corpus)
    told = {share.emotion: (share.songs, share.clips) for share in found.emotions}
    assert told == {"happy": (2, 4), "sad": (3, 6)}
    assert found.hours == pytest.approx(50 / 3600, abs=1e-4)
    assert (found.sources, found.songs, found.clips, found.kept_clips) == (3, 5, 10, 10)
    assert (found.duplicate_groups, found.duplicates, found.synthetic_clips) == (1, 1, 0)
    assert found.checks["conflict"] == 4
    (conflict,) = found.conflicts
    assert conflict.emotions == ("happy", "sad")
    assert conflict.songs[0] == "happy: sources/happy/mix.flac at 0.0 s"


def test_missing_is_told_from_corrupt(corpus):
    assert validate(corpus) == ()
    source = corpus / "sources" / "happy" / "mix.flac"
    spoiled = bytearray(source.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    source.write_bytes(spoiled)
    (corpus / "sources" / "sad" / "mix.wav").unlink()
    found = {(problem.file, problem.fault, problem.clips) for problem in validate(corpus)}
    assert found == {
        (str(source), Fault.CORRUPT, 4),
        (str(corpus / "sources" / "sad" / "mix.wav"), Fault.MISSING, 4),
    }


def test_what_is_no_corpus(tmp_path, corpus):
    with pytest.raises(CorpusError, match="is no corpus"):
        info(tmp_path / "sources")
    (corpus / NAME).write_bytes(b"PAR1 and nonsense")
    with pytest.raises(CorpusError, match="cannot be read"):
        read(corpus)
