"""Change of rate: length, sound, and blocks that join without a seam."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_files import tones

from moodprint.audio.resample import StreamResampler, resampled
from moodprint.clip import Clip, Origin

RATES_HZ = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]


@pytest.mark.parametrize("to_hz", [16_000, 22_050])
@pytest.mark.parametrize("from_hz", RATES_HZ)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_tones_stay_what_they_are(from_hz: int, to_hz: int, channels: int) -> None:
    clip = resampled(Clip(tones(2, from_hz, channels), from_hz, Origin("x", 3.0)), to_hz)
    assert clip.sample_rate_hz == to_hz
    assert clip.origin == Origin("x", 3.0)
    wanted = tones(2, to_hz, channels)
    assert clip.samples.shape == wanted.shape
    np.testing.assert_allclose(clip.samples[:, 400:-400], wanted[:, 400:-400], atol=2e-3)


def test_the_same_rate_is_the_same_clip() -> None:
    clip = Clip(tones(1, 16_000, 1), 16_000)
    assert resampled(clip, 16_000) is clip


@pytest.mark.parametrize("length", [0, 1, 5])
def test_tiny_clips_have_tiny_results(length: int) -> None:
    clip = resampled(Clip(np.ones((2, length), np.float32), 48_000), 16_000)
    assert clip.channels == 2
    assert clip.samples.shape[1] <= 2


@settings(max_examples=25, deadline=None)
@given(
    from_hz=st.sampled_from(RATES_HZ),
    channels=st.integers(1, 3),
    cuts=st.lists(st.integers(0, 8_000), max_size=8),
)
def test_blocks_joined_equal_one_long_call(from_hz: int, channels: int, cuts: list[int]) -> None:
    samples = tones(1, from_hz, channels)
    resampler = StreamResampler(from_hz, 16_000, channels)
    blocks = np.split(samples, sorted(cuts), axis=1)
    pieces = [*map(resampler.push, blocks), resampler.finish()]
    joined = np.concatenate(pieces, axis=1)
    whole = resampled(Clip(samples, from_hz), 16_000).samples
    assert joined.shape == whole.shape
    np.testing.assert_allclose(joined, whole, atol=1e-6)


def test_silence_stays_silence() -> None:
    assert not resampled(Clip(np.zeros((1, 4_410), np.float32), 44_100), 16_000).samples.any()
