"""Results of steps: whole, or absent."""

import hashlib
from pathlib import Path

import pytest

from moodprint.audio.silence import Span
from moodprint.corpus.step_cache import StepCache, hash_of, key_of
from moodprint.errors import CorpusError


def test_what_is_put_is_got_and_nothing_else(tmp_path):
    cache = StepCache(tmp_path / "cache")
    key, other = key_of("songs", 1), key_of("songs", 2)
    assert cache.get(key) is None
    cache.put(key, b"result")
    cache.put(key, b"better result")
    assert (cache.get(key), cache.get(other)) == (b"better result", None)
    assert StepCache(tmp_path / "cache").get(key) == b"better result"


def test_a_key_names_all_that_a_result_depends_on():
    keys = {
        key_of("clip", 1, Span(0.0, 5.0)),
        key_of("clip", 1, Span(0.0, 5.1)),
        key_of("clip", 2, Span(0.0, 5.0)),
        key_of("song", 1, Span(0.0, 5.0)),
        key_of(["clip", 1], Span(0.0, 5.0)),
    }
    assert len(keys) == 5
    assert key_of({"b": 1, "a": 2}) == key_of({"a": 2, "b": 1})
    assert all(len(key) == 64 for key in keys)


def test_a_hash_is_what_sha256sum_prints(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 3_000_000)
    assert hash_of(tmp_path / "file") == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_a_cache_that_cannot_be_written_ends_the_build_with_its_name(tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    cache = StepCache(tmp_path / "cache")
    with pytest.raises(CorpusError, match=r"the build cannot go on.*cannot be written"):
        cache.put(key_of("x"), b"")
    with pytest.raises(CorpusError, match="the build cannot go on"):
        cache.get(key_of("x"))


def test_no_drafts_are_left(tmp_path):
    StepCache(tmp_path).put(key_of("x"), b"1")
    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert len(files) == 1
