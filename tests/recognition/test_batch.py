"""Many files: answers in order, bad files alone, and what no file could be analysed with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from fake_analysis import FakeAnalysis

from moodprint.errors import BundleError
from moodprint.prediction import Failure, Timeline
from moodprint.recognition.batch import analyze_many


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
    results = list(analyze_many(paths, workers=workers, analysis=FakeAnalysis()))
    assert [result.source for result in results] == [str(path) for path in paths]
    good = [name for name, r in zip(names, results, strict=True) if isinstance(r, Timeline)]
    assert good == ["a.wav", "b.wav", "c.wav"]
    for result in results:
        if isinstance(result, Failure):
            assert result.error.startswith(f"{result.source}: ")
            assert "\n" not in result.error


def test_a_crash_of_a_decoder_fails_its_file_alone(folder: Path) -> None:
    paths = [folder / "a.wav", folder / "segfault.wav", folder / "b.wav"]
    first, crashed, last = analyze_many(paths, workers=2, analysis=FakeAnalysis())
    assert isinstance(first, Timeline)
    assert isinstance(last, Timeline)
    assert isinstance(crashed, Failure)
    assert "SIGSEGV" in crashed.error


def test_the_number_of_processes_does_not_change_the_answers(folder: Path) -> None:
    paths = [folder / f"{name}.wav" for name in "abc"] * 3
    alone, beside = (
        [result.to_dict() for result in analyze_many(paths, workers=n, analysis=FakeAnalysis())]
        for n in (1, 3)
    )
    assert alone == beside


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_model_is_no_fault_of_the_files(folder: Path, workers: int) -> None:
    paths = [folder / "a.wav", folder / "b.wav"]
    with pytest.raises(BundleError, match="is no model"):
        list(analyze_many(paths, workers=workers, analysis=FakeAnalysis("broken")))


def test_no_file_gives_no_answer() -> None:
    assert list(analyze_many([], analysis=FakeAnalysis())) == []
