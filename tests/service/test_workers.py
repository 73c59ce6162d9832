"""Processes that analyse for the service."""

from __future__ import annotations

from pathlib import Path

import pytest

from moodprint.bundle import DEFAULT
from moodprint.recognition.batch import FileAnalysis
from moodprint.service.problems import Problem
from moodprint.service.workers import Workers


def test_calls_beyond_the_waiting_ones_are_turned_away(folder: Path) -> None:
    workers = Workers(FileAnalysis(DEFAULT), 1, 0)
    workers._places.acquire()
    with pytest.raises(Problem) as problem:
        workers(folder / "music" / "a.wav")
    assert problem.value.status == 503
    workers.close()


def test_a_refused_file_frees_its_place(folder: Path) -> None:
    workers = Workers(FileAnalysis(DEFAULT), 1, 0)
    try:
        for _ in range(3):
            with pytest.raises(Problem) as problem:
                workers(folder / "music" / "text.mp3")
            assert problem.value.code == "not-media"
        assert workers(folder / "music" / "a.wav").duration_s == 6
    finally:
        workers.close()
