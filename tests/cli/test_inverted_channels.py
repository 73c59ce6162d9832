"""Stereo with one channel inverted is heard by every command as the same sound in phase is."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.cli.app import main

RATE_HZ = 22_050


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    time_s = np.arange(8 * RATE_HZ) / RATE_HZ
    pitch_hz = 220 * 2 ** (np.floor(time_s * 2) * 5 % 12 / 12)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    plucked = np.exp(-3 * (time_s * 2 % 1))
    tone = plucked * sum(np.sin(n * phase) / n for n in range(1, 6)) * 0.3
    soundfile.write("plain.wav", np.stack([tone, tone], axis=1), RATE_HZ)
    soundfile.write("inverted.wav", np.stack([tone, -tone], axis=1), RATE_HZ)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_analyze(folder: Path, capsys) -> None:
    plain, inverted = json.loads(run(capsys, "analyze", "plain.wav", "inverted.wav", "--json"))
    assert inverted["emotion"] == plain["emotion"]
    assert [each["presence"] for each in inverted["segments"]] == [
        each["presence"] for each in plain["segments"]
    ]
    assert plain["warnings"] == []
    assert len(inverted["warnings"]) == 1


def test_match(folder: Path, capsys) -> None:
    run(capsys, "match", "index", "plain.wav", "--index", "known")
    assert "plain.wav" in run(capsys, "match", "query", "inverted.wav", "--index", "known")


def test_features(folder: Path, capsys) -> None:
    run(capsys, "features", "extract", "plain.wav", "inverted.wav", "--out", "f.csv",
        "--cache", "cache")  # fmt: skip
    plain, inverted = list(csv.reader(Path("f.csv").read_text().splitlines()))[1:]
    values = np.array([plain[1:], inverted[1:]], dtype=float)
    alike = np.isclose(values[0], values[1], rtol=0.05, atol=0.1)
    assert alike.mean() > 0.95, "all but what hangs on the last bit of a sample"


def test_split(folder: Path, capsys) -> None:
    spans = [
        json.loads(run(capsys, "corpus", "split", f"{name}.wav", "--json"))
        for name in ("plain", "inverted")
    ]
    assert len(spans[0]) == len(spans[1]) > 0


def test_generate(folder: Path, capsys) -> None:
    for name in ("plain", "inverted"):
        run(capsys, "generate", "notes", f"{name}.wav", "--out", f"{name}.flac", "--seed", "1")
    played = [soundfile.read(f"{name}.flac")[0] for name in ("plain", "inverted")]
    assert len(played[0]) == len(played[1])
    assert np.abs(played[1]).max() > 0.05
