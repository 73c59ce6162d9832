"""What recipes/ear/synthesis.py makes; FluidSynth and espeak-ng are not needed."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from moodprint.clip import Clip
from recipes.ear import sources, synthesis


def write_rows(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_noise_is_made_alike_each_time_and_of_many_levels(tmp_path):
    for name in ("one", "two"):
        synthesis.make_noise(tmp_path / name, 8)
    files = sorted((tmp_path / "one").iterdir())
    assert len(files) == 8
    assert all(path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() for path in files)
    peaks = [np.abs(soundfile.read(path)[0]).max() for path in files]
    assert max(peaks) <= 1
    assert max(peaks) > 5 * min(peaks)


def test_each_song_of_emopia_is_rendered_once_even_with_underscores_in_its_name(tmp_path):
    data = tmp_path / "data"
    rows = [{"ID": name, "4Q": "1"} for name in ("Q1_a_b_0", "Q1_a_b_1", "Q2_c_0", "Q2_gone_0")]
    write_rows(data / "emopia" / "label.csv", rows)
    for name in ("Q1_a_b_0", "Q1_a_b_1", "Q2_c_0"):
        (data / "emopia" / "midi").mkdir(exist_ok=True)
        (data / "emopia" / "midi" / f"{name}.mid").touch()
    jobs = list(synthesis._emopia_jobs(data, tmp_path))
    assert [path.stem for path, _ in jobs] == ["Q1_a_b_0", "Q2_c_0"]
    assert sources.emopia_song("Q1_0vLPYiPN7qY_0") == "0vLPYiPN7qY"


@pytest.fixture
def players(monkeypatch):
    """Stand-ins for the players of both soundfonts; what each has played."""
    played: dict[str, list[str]] = {}

    class Player:
        def __init__(self, font):
            self._played = played.setdefault(font.name, [])

        def play(self, path):
            self._played.append(path.stem)
            return Clip(np.zeros(160, np.float32), 16_000)

    module = ModuleType("recipes.ear.render")
    module.SoundfontPlayer = Player
    monkeypatch.setitem(sys.modules, "recipes.ear.render", module)
    return played


def test_files_are_rendered_once_by_the_soundfonts_in_turn(tmp_path, players):
    data, made = tmp_path / "data", tmp_path / "made"
    write_rows(data / "emopia" / "label.csv", [{"ID": f"Q1_{n}_0", "4Q": "1"} for n in range(4)])
    row = {"id": "v", "series": "s", "valence": "1", "arousal": "1", "midi": "gone_0.mid"}
    write_rows(data / "vgmidi" / "labels.csv", [row])
    (data / "emopia" / "midi").mkdir()
    for n in range(4):
        (data / "emopia" / "midi" / f"Q1_{n}_0.mid").touch()
    synthesis.render_midi(data, made)
    synthesis.render_midi(data, made)
    fonts = [font.name for font in synthesis.SOUNDFONTS]
    assert players == {fonts[0]: ["Q1_0_0", "Q1_2_0"], fonts[1]: ["Q1_1_0", "Q1_3_0"]}
    assert len(list((made / "emopia").glob("*.wav"))) == 4


def test_texts_are_spoken_once_by_many_voices(tmp_path, monkeypatch):
    calls = []

    def espeak(command, check):
        calls.append(command)
        Path(command[command.index("-w") + 1]).touch()

    monkeypatch.setattr(subprocess, "run", espeak)
    synthesis.speak(tmp_path)
    synthesis.speak(tmp_path)
    assert len(calls) == 72
    voices = {command[command.index("-v") + 1][:2] for command in calls}
    assert len(voices) >= 11
