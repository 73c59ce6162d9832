"""The path from noise to music, on networks whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.generation.diffusion.network import Guide
from moodprint.generation.diffusion.sampler import Sampling, sampled, window_places

WINDOW = 16


class _Towards:
    """Knows the music that each guide asks for: all latents have its first value."""

    card = SimpleNamespace(latents=SimpleNamespace(frames=WINDOW))

    def velocities(
        self, windows: Sequence[Any], time: float, guides: Sequence[Guide]
    ) -> list[np.ndarray]:
        return [(w - guide.values[0]) / time for w, guide in zip(windows, guides, strict=True)]


def _always(value: float):
    return lambda place: Guide(np.float32([value]), np.ones(1, np.float32))


def _noise(frames: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((2, frames, 3), np.float32)


@pytest.mark.parametrize("frames", [16, 20, 52])
@pytest.mark.parametrize("loop", [False, True])
def test_a_straight_path_is_walked_to_its_end(frames: int, loop: bool):
    sampling = Sampling(steps=7, guidance=1.0, loop=loop)
    found = sampled(_Towards(), _noise(frames), _always(0.5), _always(-9), sampling)
    np.testing.assert_allclose(found, 0.5, atol=1e-4)


def test_guidance_goes_past_what_is_asked_away_from_what_is_refused():
    found = sampled(_Towards(), _noise(16), _always(1), _always(0), Sampling(9, guidance=2.0))
    np.testing.assert_allclose(found, 2.0, atol=1e-3)


def test_what_is_asked_for_may_change_on_the_way():
    def rising(place: float) -> Guide:
        return Guide(np.float32([place]), np.ones(1, np.float32))

    found = sampled(_Towards(), _noise(64), rising, rising, Sampling(9, guidance=1.0))
    means = found.mean(axis=(0, 2))
    assert means[0] == pytest.approx(0, abs=1e-3)
    assert means[-1] == pytest.approx(1, abs=1e-3)
    assert (np.diff(means) > -1e-3).all()
    assert np.diff(means).max() < 0.05, "no seam"


def test_starting_late_keeps_what_was_there():
    """With no velocity nothing changes; the step sizes add up to the start."""

    class Constant(_Towards):
        def velocities(self, windows, time, guides):
            return [np.ones_like(window) for window in windows]

    before = _noise(16)
    found = sampled(Constant(), before, _always(0), _always(0), Sampling(5, 1.0, start=0.4))
    np.testing.assert_allclose(found, before - 0.4, atol=1e-5)


def test_progress_counts_the_steps():
    calls: list[tuple[float, float]] = []
    sampled(
        _Towards(), _noise(16), _always(0), _always(0), Sampling(3),
        lambda _, done, total: calls.append((done, total)),
    )  # fmt: skip
    assert calls == [(1, 3), (2, 3), (3, 3)]


@given(count=st.integers(WINDOW, 400), loop=st.booleans())
def test_windows_cover_the_canvas_and_share_half_of_each(count: int, loop: bool):
    places = window_places(count, WINDOW, loop=loop)
    covered = np.zeros(count, int)
    for frames in places:
        assert len(set(frames.tolist())) == WINDOW
        covered[frames] += 1
    assert covered.min() >= 1
    starts = [int(frames[0]) for frames in places]
    gaps = np.diff([*starts, count] if loop else starts)
    assert (gaps <= WINDOW // 2 + 1).all()
    if not loop:
        assert starts[0] == 0
        assert places[-1][-1] == count - 1
