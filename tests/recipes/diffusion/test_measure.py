"""Distances and shares of what is measured are what their names say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recipes.diffusion.measured import MEASURED
from recipes.diffusion.spectrogram import FRAMES, PICTURE
from recipes.diffusion.watched import watched_groups

from recipes.diffusion import measure


def test_the_same_music_has_no_distance_and_other_music_has_one():
    rng = np.random.default_rng(1)
    one, again = rng.standard_normal((2, 200, 10))
    near, far = again + 0.5, again + 3
    assert measure.kernel_distance(one, again) == pytest.approx(0, abs=0.01)
    distances = [measure.kernel_distance(one, each) for each in (again, near, far)]
    assert distances == sorted(distances)
    assert distances[-1] > 0.3


def test_adherence_is_the_share_of_seeds_that_stand_as_asked(monkeypatch: pytest.MonkeyPatch):
    """A generator that follows "bright", ignores "loud" and turns "fast" round."""

    def drawn(bundle: Path, prompt: str, seed: int, negative: str = "") -> np.ndarray:
        value = {"bright music": 1.0, "slow music": 1.0}.get(prompt, 0.5)
        return np.array([value - (0.2 if negative == "bright" else 0)])

    monkeypatch.setattr(measure, "drawn", drawn)
    monkeypatch.setattr(measure, "shown", lambda samples, name: samples[0])
    found = measure.adherence(Path("any"), 3)
    assert found["ordered"]["brightness"] == 1
    assert found["ordered"]["level"] == 0
    assert found["ordered"]["tempo"] == 0
    assert found["refused"] == {"brightness": 1, "liveliness": 0, "density": 0}


def test_what_is_shown_is_read_off_the_sound():
    time = np.arange(FRAMES * PICTURE.hop) / PICTURE.sample_rate_hz
    low, high = (np.float32(0.2) * np.sin(2 * np.pi * hz * time).astype("f") for hz in (200, 6_000))
    assert "brightness" in MEASURED
    assert measure.shown(low, "brightness") < 0.2 < 0.5 < measure.shown(high, "brightness")


def test_only_pictures_of_watched_groups_are_taken(tmp_path: Path):
    groups = [f"group {number}" for number in range(32)]
    watched = watched_groups(groups)
    assert len(watched) == 2
    for number, group in enumerate(groups):
        picture = np.full((3, FRAMES, PICTURE.bands), number, np.uint8)
        np.savez(tmp_path / f"{number}.npz", pictures=picture, group=group)
    found = measure.watched_pictures(tmp_path, 10)
    assert {groups[int(each[0, 0])] for each in found} == watched
