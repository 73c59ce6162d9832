"""A recording that ends its reader is tried twice by builds, and then named without a try."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import soundfile

from moodprint.corpus.build import BuildSettings, build
from moodprint.corpus.ended_readers import MOST_TRIES, EndedReaders
from moodprint.engine import Outcome
from moodprint.engine.local import LocalEngine
from moodprint.errors import EmptyFileError, MemoryLimitError, TimeLimitError, WorkerCrashedError


@pytest.mark.parametrize("error", [WorkerCrashedError, TimeLimitError, MemoryLimitError])
def test_ends_are_counted_while_the_file_is_the_same(tmp_path, error) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(b"1")
    ended = EndedReaders(tmp_path / "cache")
    for _ in range(MOST_TRIES):
        assert ended.why_not(song) is None
        ended.note(song, error("it ended"))
    assert "it ended; this happened 2 times" in EndedReaders(tmp_path / "cache").why_not(song)
    assert ended.why_not(tmp_path / "other.wav") is None
    os.utime(song, ns=(1, 1))
    assert ended.why_not(song) is None


def test_other_errors_are_tried_for_ever(tmp_path) -> None:
    ended = EndedReaders(tmp_path)
    for _ in range(5):
        ended.note(tmp_path / "a.wav", EmptyFileError("a.wav: is empty"))
    assert ended.why_not(tmp_path / "a.wav") is None


@dataclass
class Crashing:
    """The local engine, but that the reader of ``bad.wav`` dies; notes what it was given."""

    tried: list[str] = field(default_factory=list)

    def run(self, function: Any, items: Iterable[Any], **options: Any) -> Iterator[Outcome]:
        items = list(items)
        self.tried += [each.name for each in items if hasattr(each, "name")]
        for outcome in LocalEngine().run(function, items, **options):
            bad = getattr(outcome.item, "name", "").endswith("bad.wav")
            yield Outcome(outcome.item, error=WorkerCrashedError("it died")) if bad else outcome


def test_a_build_tries_it_twice(tmp_path) -> None:
    (tmp_path / "music" / "sad").mkdir(parents=True)
    rng = np.random.default_rng(1)
    for name in ("good", "bad"):
        sound = rng.uniform(-0.5, 0.5, 6 * 8_000)
        soundfile.write(tmp_path / "music" / "sad" / f"{name}.wav", sound, 8_000)
    engine, settings = Crashing(), BuildSettings(workers=1)
    errors = []
    for _ in range(3):
        report = build(tmp_path / "music", tmp_path / "corpus", settings, engine=engine)
        [(name, error)] = report.failures
        assert (name, report.songs) == ("sad/bad.wav", 1)
        errors.append(error)
    assert engine.tried.count("sad/bad.wav") == 2
    assert errors[:2] == ["it died", "it died"]
    assert "not tried again: touch the file" in errors[2]
    os.utime(tmp_path / "music" / "sad" / "bad.wav", ns=(1, 1))
    build(tmp_path / "music", tmp_path / "corpus", settings, engine=engine)
    assert engine.tried.count("sad/bad.wav") == 3
