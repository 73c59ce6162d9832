from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.spectrogram import LogMel
from moodprint.errors import OptionError

LOG_MEL = LogMel()


def sine(hz: float, seconds: float = 1.0, gain: float = 1.0) -> np.ndarray:
    time_s = np.arange(int(seconds * 16_000)) / 16_000
    return (gain * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def slowly(samples: np.ndarray) -> np.ndarray:
    """The same by the definition: one frame and one band at a time."""
    m = LOG_MEL
    padded = np.pad(samples.astype(float), m.window // 2)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(m.window) / m.window)
    hz = np.fft.rfftfreq(m.window, 1 / m.sample_rate_hz)
    mels = np.linspace(
        *(1127 * np.log(1 + f / 700) for f in (m.lowest_hz, m.highest_hz)), m.bands + 2
    )
    edges = 700 * (np.exp(mels / 1127) - 1)
    rows = []
    for frame in range(1 + len(samples) // m.hop):
        piece = padded[frame * m.hop :][: m.window] * hann * 2 / hann.sum()
        power = np.abs(np.fft.rfft(piece)) ** 2
        bands = [
            (power * np.interp(hz, edges[i : i + 3], [0, 1, 0], left=0, right=0)).sum()
            for i in range(m.bands)
        ]
        rows.append(10 * np.log10(np.maximum(bands, 1e-10)))
    return np.array(rows)


def test_it_equals_its_definition_written_slowly():
    samples = np.random.default_rng(0).standard_normal(3_210).astype(np.float32) * 0.2
    np.testing.assert_allclose(LOG_MEL.of(samples), slowly(samples), atol=0.01)


def test_a_sine_of_full_scale_has_about_0_db_in_its_band():
    frame = LOG_MEL.of(sine(1_000))[32]
    assert abs(frame.max()) < 2
    assert np.sort(frame)[-4] < -20


@given(st.floats(-40, 0))
def test_gain_moves_every_value_by_as_many_db(gain_db):
    plain = LOG_MEL.of(sine(440))[20]
    loud = plain > -50
    moved = LOG_MEL.of(sine(440, gain=10 ** (gain_db / 20)))[20]
    np.testing.assert_allclose(moved[loud], plain[loud] + gain_db, atol=0.05)


@pytest.mark.parametrize("samples", [0, 1, 249, 250, 399, 800, 16_001])
def test_samples_give_one_frame_and_one_more_a_hop(samples):
    assert LOG_MEL.of(np.zeros(samples, np.float32)).shape == (1 + samples // 250, 64)


def test_silence_lies_on_the_floor():
    np.testing.assert_allclose(LOG_MEL.of(np.zeros(1_000, np.float32)), -100, rtol=1e-6)


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=8), st.randoms())
def test_blocks_of_any_size_give_the_same_frames(sizes, random):
    samples = np.random.default_rng(1).standard_normal(sum(sizes)).astype(np.float32)
    blocks = np.split(samples, np.cumsum(sizes)[:-1])
    streamed = np.concatenate(list(LOG_MEL.stream(blocks)))
    np.testing.assert_allclose(streamed, LOG_MEL.of(samples), atol=1e-3)


@pytest.mark.parametrize(
    "wrong",
    [{"hop": 0}, {"hop": 900}, {"window": 801}, {"lowest_hz": 9_000.0}, {"highest_hz": 8_001.0}],
)
def test_parameters_that_make_no_spectrogram_are_refused(wrong):
    with pytest.raises(OptionError):
        LogMel(**wrong)


def test_parameters_come_back_from_a_card():
    mel = LogMel(hop=200, bands=40, lowest_hz=60.0)
    assert LogMel.from_dict(asdict(mel)) == mel
    assert mel.frames_per_second == 80
    assert mel.of(np.zeros(1_000, np.float32)).shape == (6, 40)


def test_what_is_quieter_than_the_floor_is_at_the_floor():
    quiet = LogMel(floor_db=-60.0).of(np.full(4_000, 1e-6, np.float32))
    np.testing.assert_allclose(quiet, -60, atol=1e-4)
