"""Many files: answers in order, bad files alone, and what no file could be analysed with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import fake_analysis
import numpy as np
import pytest
import soundfile
from fake_analysis import FakeAnalysis

from moodprint.engine import available_cores
from moodprint.engine.outcome import attempt
from moodprint.errors import BundleError
from moodprint.prediction import Failure, Timeline
from moodprint.recognition import batch
from moodprint.recognition.batch import FileAnalysis, analyze_many, threads_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    for name in ("a.wav", "b.wav", "c.wav", "segfault.wav", "bug.wav"):
        soundfile.write(tmp_path / name, rng.uniform(-0.5, 0.5, 8_000), 8_000)
    (tmp_path / "text.wav").write_text("no sound at all")
    (tmp_path / "empty.wav").touch()
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_in_order_and_bad_files_fail_alone(folder: Path, workers: int) -> None:
    names = ["a.wav", "none.wav", "text.wav", "b.wav", "empty.wav", "bug.wav", "", "c.wav"]
    paths = [folder / name for name in names]
    answers = list(analyze_many(paths, FakeAnalysis(), workers=workers))
    assert [answer.source for answer in answers] == [str(path) for path in paths]
    good = [name for name, r in zip(names, answers, strict=True) if isinstance(r, Timeline)]
    assert good == ["a.wav", "b.wav", "c.wav"]
    for answer in answers:
        if isinstance(answer, Failure):
            assert answer.error.startswith(f"{answer.source}: ")
            assert "\n" not in answer.error


def test_a_crash_of_a_decoder_fails_its_file_alone(folder: Path) -> None:
    paths = [folder / "a.wav", folder / "segfault.wav", folder / "b.wav"]
    first, crashed, last = analyze_many(paths, FakeAnalysis(), workers=2)
    assert isinstance(first, Timeline)
    assert isinstance(last, Timeline)
    assert isinstance(crashed, Failure)
    assert "SIGSEGV" in crashed.error


def test_the_number_of_processes_does_not_change_the_answers(folder: Path) -> None:
    paths = [folder / f"{name}.wav" for name in "abc"] * 3
    alone, beside = (
        [answer.to_dict() for answer in analyze_many(paths, FakeAnalysis(), workers=n)]
        for n in (1, 3)
    )
    assert alone == beside


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_model_is_no_fault_of_the_files(folder: Path, workers: int) -> None:
    paths = [folder / "a.wav", folder / "b.wav"]
    with pytest.raises(BundleError, match="is no model"):
        list(analyze_many(paths, FakeAnalysis("broken"), workers=workers))


def test_no_file_gives_no_answer() -> None:
    assert list(analyze_many([], FakeAnalysis())) == []


@pytest.mark.parametrize(
    ("files", "workers", "threads"),
    [(1, 4, "all"), (0, None, "all"), (9, 1, "all"), (9, 2, 1), (2, 9, 1)],
)
def test_a_network_has_all_cores_where_one_file_is_worked_on_at_a_time(
    files: int, workers: int | None, threads: int | str
) -> None:
    expected = available_cores() if threads == "all" else threads
    assert threads_for(files, workers) == expected


def test_the_engine_may_be_another(folder: Path) -> None:
    class Backwards:
        """Notes what it was asked, and works in this process."""

        asked: ClassVar[list[object]] = []

        def run(self, function, items, *, workers, limits):
            self.asked.append(workers)
            return (attempt(function, item) for item in items)

    paths = [folder / "a.wav", folder / "text.wav"]
    answers = list(analyze_many(paths, FakeAnalysis(), workers=7, engine=Backwards()))
    assert [type(answer) for answer in answers] == [Timeline, Failure]
    assert Backwards.asked == [2], "no more workers than files"


def test_the_tracks_of_an_index_are_named(folder: Path, monkeypatch) -> None:
    timeline = fake_analysis.answer("song.wav", 10.0, 0.5)
    match = SimpleNamespace(track="known", query_offset_s=0.0, duration_s=9.0, score=20.0)
    asked: list = []
    analyzer = SimpleNamespace(file=lambda *words: asked.append(words) or timeline)
    monkeypatch.setattr(batch, "_analyzer", lambda analysis: analyzer)
    monkeypatch.setattr(batch, "_tracks_in", lambda path, analysis: [match])
    assert FileAnalysis(index="known/")("song.wav").segments[0].track == "known"
    assert asked[0][2] == [(0.0, 9.0)], "where a known track plays there is music"
    assert FileAnalysis()("song.wav").segments[0].track is None
