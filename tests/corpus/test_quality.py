"""How good a copy is: literal sines, clipped squares and filtered noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.corpus.quality import Quality, QualityMeter

RATE = 16_000


def quality_of(samples, rate=RATE, blocks=1):
    samples = np.atleast_2d(np.asarray(samples, np.float32))
    meter = QualityMeter(rate)
    for block in np.array_split(samples, blocks, axis=1):
        meter.push(block, block.mean(axis=0))
    return meter.finish(128_000)


def sine(hz, seconds=3.0, level=0.5, rate=RATE):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize("hz", [440, 3000, 7000])
def test_the_bandwidth_reaches_up_to_the_highest_tone(hz):
    found = quality_of(sine(hz))
    assert found.bandwidth_hz == pytest.approx(hz, abs=0.01 * RATE)
    assert (found.bit_rate_bps, found.sample_rate_hz) == (128_000, RATE)


def test_what_lies_80_db_below_full_scale_does_not_count():
    loud, faint = sine(1000), sine(6000, level=10 ** (-90 / 20))
    assert quality_of(loud + faint).bandwidth_hz < 1200
    assert quality_of(loud + 30 * faint).bandwidth_hz > 5900


def test_a_click_does_not_make_a_band_and_a_tenth_of_the_time_does():
    music = sine(500, seconds=40)
    music[8000] = 1.0
    assert quality_of(music).bandwidth_hz < 700
    music[: 8 * RATE] += sine(6000, seconds=8)
    assert quality_of(music).bandwidth_hz > 5900


def test_clipping_is_a_share_of_all_samples_of_all_channels():
    square = np.tile([1.0, -1.0, 0.2, 0.3], 1000)
    assert quality_of(square).clipped == 0.5
    assert quality_of([square, 0 * square]).clipped == 0.25
    assert quality_of(0.99 * square).clipped == 0.0


def test_silence_and_snippets_have_no_band():
    assert quality_of(np.zeros(5 * RATE)).bandwidth_hz == 0.0
    short = quality_of(sine(3000, seconds=0.1))
    assert 3000 <= short.bandwidth_hz < 4500  # a short tone is no narrow line
    assert quality_of(np.zeros(0)) == Quality(128_000, RATE, 0.0, 0.0)


@given(st.integers(1, 40), st.integers(1, 60_000))
def test_joints_of_blocks_leave_no_trace(blocks, length):
    noise = np.random.default_rng(length).uniform(-1, 1, (2, length))
    assert quality_of(noise, blocks=blocks) == quality_of(noise)


def test_only_so_many_spectra_are_kept(monkeypatch):
    monkeypatch.setattr("moodprint.corpus.quality._MOST_LOOKS", 5)
    music = np.concatenate([sine(500, seconds=10), sine(6000, seconds=10)])
    assert quality_of(music, blocks=20).bandwidth_hz < 700


def test_better_copies_rank_higher():
    best = Quality(320_000, 44_100, 18_400.0, 0.0)
    worse = [
        Quality(320_000, 44_100, 18_400.0, 0.01),  # it clips
        Quality(320_000, 44_100, 15_000.0, 0.0),  # it is narrower
        Quality(128_000, 44_100, 18_400.0, 0.0),  # it has a lower bit rate
        Quality(320_000, 32_000, 18_400.0, 0.0),
    ]
    assert all(copy.rank < best.rank for copy in worse)
    assert worse[0].rank < worse[1].rank < worse[2].rank
    assert Quality(320_000, 44_100, 18_300.0, 0.0003).rank == best.rank
