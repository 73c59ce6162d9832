"""A folder of songs and a fake model, for the tests of `moodprint analyze`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cards import emotion_network_card
from fake_analysis import FakeAnalysis

from moodprint.bundle import write_bundle
from moodprint.cli.app import main
from moodprint.recognition import run as recognition_run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with three songs; the model is a fake one that notes what it hears."""
    rng = np.random.default_rng(1)
    (tmp_path / "songs").mkdir()
    for name in ("a.wav", "b.flac", "c.ogg"):
        soundfile.write(tmp_path / "songs" / name, rng.uniform(-0.5, 0.5, 16_000), 8_000)
    write_bundle(tmp_path / "model", emotion_network_card(), {"ear.onnx": b"never loaded"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recognition_run, "FileAnalysis", FakeAnalysis)
    monkeypatch.setattr(recognition_run, "accept", lambda _: None)
    monkeypatch.setenv("MOODPRINT_TEST_NOTES", str(tmp_path / "heard"))
    return tmp_path


@pytest.fixture
def analyze(folder: Path, capfdbinary):
    """Run ``moodprint analyze`` here: (status, stdout, stderr)."""

    def run_here(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["analyze", "--workers", "1", "--model", "model", *map(str, words)])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return ended.value.code, out.decode(), err.decode()

    return run_here
