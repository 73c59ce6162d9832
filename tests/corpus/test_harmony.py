"""Quarter tones over time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.corpus.harmony import BINS, FRAMES_PER_S, RATE_HZ, ChromaMeter, chroma


def tone(hz, seconds=4.0, level=0.5):
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.float32)


@pytest.mark.parametrize("octave", [-1, 0, 1])
@pytest.mark.parametrize("step", range(0, BINS, 3))
def test_a_tone_stands_in_its_quarter_tone_in_any_octave(step, octave):
    frames = chroma(tone(440 * 2 ** (octave + step / BINS)))
    assert len(frames) == pytest.approx(4 * FRAMES_PER_S, abs=1)
    assert (frames.argmax(axis=1) == step).all()
    np.testing.assert_allclose(np.linalg.norm(frames, axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(frames.mean(axis=1), 0, atol=1e-4)


def test_what_lies_out_of_band_does_not_count():
    inside = chroma(tone(440))
    outside = chroma(tone(440) + tone(4500, level=0.1) + tone(60, level=0.1))
    assert (outside.argmax(axis=1) == inside.argmax(axis=1)).all()


def test_level_does_not_matter_and_silence_is_nothing():
    sound = tone(440) + tone(554.37) + tone(659.26)
    np.testing.assert_allclose(chroma(sound), chroma(0.01 * sound), atol=0.05)
    assert not chroma(np.zeros(RATE_HZ, np.float32)).any()


@pytest.mark.parametrize("length", [0, 1, 100, 4095, 4096])
def test_less_than_a_window_is_one_frame(length):
    frames = chroma(tone(440)[:length])
    assert frames.shape == (1, BINS)
    assert np.isfinite(frames).all()


@given(st.integers(1, 30), st.integers(0, 80_000))
def test_joints_of_blocks_leave_no_trace(blocks, length):
    noise = np.random.default_rng(length).uniform(-1, 1, length).astype(np.float32)
    meter = ChromaMeter()
    for block in np.array_split(noise, blocks):
        meter.push(block)
    np.testing.assert_allclose(meter.finish(), chroma(noise), atol=1e-5)


def test_three_per_cent_of_speed_are_one_quarter_tone():
    plain, fast = chroma(tone(440)), chroma(tone(440 * 2 ** (1 / BINS)))
    assert plain.argmax(axis=1)[0] + 1 == fast.argmax(axis=1)[0]
