"""Music of any length from a prompt: the same bytes for the same seed, no seams, no loop of 5 s."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from moodprint.errors import InputError, MoodprintError, OptionError
from moodprint.generation.diffusion.music import (
    DiffusionRequest,
    DiffusionSettings,
    Ending,
    draw_music,
)


def _made(request: DiffusionRequest, seed: int = 1) -> np.ndarray:
    return draw_music(request, np.random.default_rng(seed)).samples[0]


@pytest.fixture
def asked(tiny: Path) -> DiffusionRequest:
    return DiffusionRequest("happy music", tiny, settings=DiffusionSettings(seconds=2, steps=2))


def _with(request: DiffusionRequest, **settings: Any) -> DiffusionRequest:
    return replace(request, settings=replace(request.settings, **settings))


@pytest.mark.parametrize("seconds", [1, 2.5, 6.3])
def test_music_is_as_long_as_asked(asked: DiffusionRequest, seconds: float):
    clip = draw_music(_with(asked, seconds=seconds), np.random.default_rng(1))
    assert clip.duration_s == pytest.approx(seconds, abs=0.001)
    assert clip.sample_rate_hz == 32_000
    assert 0.8 < np.abs(clip.samples).max() < 0.9


def test_the_seed_alone_decides_whatever_the_threads(asked: DiffusionRequest):
    first = _made(replace(asked, threads=1), seed=1)
    assert np.array_equal(first, _made(replace(asked, threads=3), seed=5))
    assert not np.array_equal(first, _made(_with(asked, seed=2)))


def test_prompt_negative_and_emotion_change_the_music(asked: DiffusionRequest):
    changes = ({}, {"prompt": "slow jazz"}, {"negative": "fast"}, {"emotion": "sad"})
    made = [_made(replace(asked, **change)) for change in changes]
    assert len({each.tobytes() for each in made}) == len(made)


def test_a_loop_ends_where_it_begins(asked: DiffusionRequest):
    samples = _made(_with(asked, loop=True, seconds=6))
    assert len(samples) / 32_000 == pytest.approx(6, abs=0.33)
    steps = np.abs(np.diff(np.concatenate([samples[-8_000:], samples[:8_000]])))
    assert steps[7_999] <= steps.max()
    assert np.median(steps[7_900:8_100]) < 5 * np.median(steps)


def test_long_music_does_not_repeat_itself(asked: DiffusionRequest):
    """As alike 5.12 s later, the network's window, as it is 4 s later."""
    samples = _made(_with(asked, seconds=16))

    def alike(lag_s: float) -> float:
        lag = int(lag_s * 32_000)
        return float(np.corrcoef(samples[lag:], samples[:-lag])[0, 1])

    assert abs(alike(5.12)) < 0.2
    assert abs(alike(2.56)) < 0.2


def test_a_blend_begins_as_one_prompt_and_ends_as_the_other(asked: DiffusionRequest):
    """The first window of three hears only the first prompt, the last one only the second."""
    mixed = _with(asked, seconds=10)
    blend, first, last = (
        _made(each)
        for each in (
            replace(mixed, prompt="happy", until=Ending("slow dark")),
            replace(mixed, prompt="happy"),
            replace(mixed, prompt="slow dark"),
        )
    )

    def distance(one: np.ndarray, other: np.ndarray, part: slice) -> float:
        spectra = [np.abs(np.fft.rfft(each[part].reshape(-1, 1_600))) for each in (one, other)]
        return float(np.abs(spectra[0] - spectra[1]).mean())

    start, end = slice(0, 32_000), slice(-32_000, None)
    assert distance(blend, first, start) < distance(blend, last, start)
    assert distance(blend, last, end) < distance(blend, first, end)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    return _tone(tmp_path / "tone.wav", 440)


def _tone(path: Path, hz: float) -> Path:
    time = np.arange(48_000) / 16_000
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * time), 16_000)
    return path


def test_a_blend_leads_from_seed_to_seed(asked: DiffusionRequest):
    """It begins as the one seed's music does, and ends as the other's does."""
    longer = _with(asked, seconds=16)
    one, other = _made(longer), _made(_with(longer, seed=2))
    blend = _made(replace(longer, until=Ending("happy music", seed=2)))
    start, end = slice(0, 16_000), slice(-16_000, None)
    assert _alike(blend, one, start) > _alike(blend, other, start) + 0.1
    assert _alike(blend, other, end) > _alike(blend, one, end) + 0.1


def _alike(one: np.ndarray, other: np.ndarray, part: slice) -> float:
    spectra = [np.abs(np.fft.rfft(each[part].reshape(-1, 800))) for each in (one, other)]
    return float(np.corrcoef(*(np.log(each + 1e-3).ravel() for each in spectra))[0, 1])


def test_a_blend_leads_from_file_to_file_or_prompt(
    asked: DiffusionRequest, tone: Path, tmp_path: Path
):
    near = _with(asked, seconds=16, strength=0.05)
    high = _tone(tmp_path / "high.wav", 3_000)
    alone, other = (_made(replace(near, prompt=None, init=path)) for path in (tone, high))
    blends = [
        _made(replace(near, prompt=None, init=tone, until=Ending(init=high))),
        _made(replace(near, prompt=None, init=tone, until=Ending("slow dark"))),
    ]
    start, end = slice(0, 16_000), slice(-16_000, None)
    for blend in blends:
        assert _alike(blend, alone, start) > _alike(blend, alone, end)
    assert _alike(blends[0], other, end) > _alike(blends[0], other, start)
    assert not np.array_equal(*blends)


def test_a_request_for_nothing_is_refused(asked: DiffusionRequest):
    with pytest.raises(OptionError, match="neither"):
        replace(asked, prompt=None)
    with pytest.raises(OptionError, match="neither"):
        Ending()


def test_music_may_start_from_a_file(asked: DiffusionRequest, tone: Path):
    started = replace(asked, init=tone)
    assert not np.array_equal(_made(started), _made(asked))
    assert not np.array_equal(_made(started), _made(_with(started, strength=0.2)))


def test_a_file_that_is_no_start_is_refused_by_name(asked: DiffusionRequest, tmp_path: Path):
    short, text = tmp_path / "short.wav", tmp_path / "text.wav"
    soundfile.write(short, np.zeros(1_000), 16_000)
    text.write_text("no sound")
    for path in (short, text, tmp_path / "nowhere.wav"):
        with pytest.raises(InputError, match=path.name):
            _made(replace(asked, init=path))


@pytest.mark.parametrize("prompt", ["", "?", "x " * 5_000])
def test_a_prompt_that_is_none_is_refused(asked: DiffusionRequest, prompt: str):
    with pytest.raises(OptionError):
        _made(replace(asked, prompt=prompt))


@pytest.mark.parametrize("prompt", ["радостная музыка", "幸せな音楽", "🎵 happy 🎵"])
def test_other_scripts_are_taken(asked: DiffusionRequest, prompt: str):
    assert len(_made(replace(asked, prompt=prompt)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"seconds": 0.5}, {"seconds": 1e6}, {"seconds": float("nan")}, {"steps": 1},
        {"guidance": -1.0}, {"strength": 0.0}, {"strength": 1.5},
    ],
)  # fmt: skip
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]):
    with pytest.raises(OptionError):
        DiffusionSettings(**wrong)


def test_no_such_model(asked: DiffusionRequest):
    with pytest.raises(MoodprintError, match="nowhere"):
        _made(replace(asked, model="nowhere"))
