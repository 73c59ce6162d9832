"""The contract of every generator; a new one gives an example of a request here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from midi_writer import midi_bytes
from tiny_generator import TINY_GENERATOR

from moodprint.emotion import Emotion
from moodprint.engine.progress import no_progress
from moodprint.errors import MoodprintError
from moodprint.generation.composition.music import MusicRequest
from moodprint.generation.diffusion.music import DiffusionRequest, DiffusionSettings
from moodprint.generation.generators import DIFFUSION, GENERATORS, MUSIC, NOTES, GeneratorEntry
from moodprint.generation.performance import NotesRequest, NotesSettings


def _notes(folder: Path) -> NotesRequest:
    song = folder / "song.mid"
    song.write_bytes(midi_bytes([[(k, k + 1, 60 + k, 90) for k in range(4)]]))
    return NotesRequest(song, settings=NotesSettings(seconds_per_instrument=1, seed=None))


def _music(_: Path) -> MusicRequest:
    return MusicRequest(Emotion.HAPPY, seconds=2)


def _diffusion(_: Path) -> DiffusionRequest:
    settings = DiffusionSettings(seconds=1, steps=2, seed=None)
    return DiffusionRequest("happy music", TINY_GENERATOR, settings=settings)


EXAMPLES: dict[str, Callable[[Path], Any]] = {NOTES: _notes, MUSIC: _music, DIFFUSION: _diffusion}


@pytest.fixture(params=GENERATORS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def entry(kind: str) -> GeneratorEntry:
    return GENERATORS[kind]


@pytest.fixture
def asked(kind: str, tmp_path: Path) -> Any:
    """A request that the generator takes some steps for."""
    return EXAMPLES[kind](tmp_path)


def test_requests_are_frozen_and_their_class_is_listed(entry: GeneratorEntry, asked: Any) -> None:
    assert is_dataclass(entry.request)
    assert type(asked) is entry.request
    with pytest.raises(FrozenInstanceError):
        setattr(asked, fields(asked)[0].name, None)


def test_the_same_seed_gives_the_same_samples_and_another_gives_others(
    entry: GeneratorEntry, asked: Any
) -> None:
    clips = [entry.make(asked, np.random.default_rng(seed), no_progress) for seed in (7, 7, 8)]
    first, again, other = (clip.samples.tobytes() for clip in clips)
    assert clips[0].sample_rate_hz == clips[1].sample_rate_hz
    assert first == again != other


def test_one_source_of_chance_gives_another_clip_each_time(
    entry: GeneratorEntry, asked: Any
) -> None:
    rng = np.random.default_rng(7)
    first, second = (entry.make(asked, rng, no_progress).samples for _ in range(2))
    assert first.tobytes() != second.tobytes()


def test_a_clip_is_sound(entry: GeneratorEntry, asked: Any) -> None:
    clip = entry.make(asked, np.random.default_rng(1), no_progress)
    assert clip.duration_s > 0.5
    assert np.isfinite(clip.samples).all()
    assert 0.1 < np.abs(clip.samples).max() <= 1


def test_progress_goes_to_its_end(entry: GeneratorEntry, asked: Any) -> None:
    calls: dict[str, list[tuple[int, int]]] = {}
    entry.make(
        asked,
        np.random.default_rng(1),
        lambda stage, done, total: calls.setdefault(stage, []).append((done, total)),
    )
    assert calls
    for steps in calls.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


def test_cancelled_midway_nothing_is_left(
    entry: GeneratorEntry, asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before, threads = sorted(tmp_path.rglob("*")), set(threading.enumerate())

    def cancel(stage: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        entry.make(asked, np.random.default_rng(1), cancel)
    assert sorted(tmp_path.rglob("*")) == before
    assert set(threading.enumerate()) <= threads


def test_what_is_wrong_is_one_of_our_errors(entry: GeneratorEntry, asked: Any) -> None:
    broken = replace(asked, model="nowhere")
    with pytest.raises(MoodprintError, match="nowhere"):
        entry.make(broken, np.random.default_rng(1), no_progress)


def test_every_generator_has_an_example_and_a_line() -> None:
    assert set(EXAMPLES) == set(GENERATORS)
    assert all(entry.summary for entry in GENERATORS.values())
