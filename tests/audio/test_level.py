"""The level of a signal over time."""

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.level import LOWEST_DB, LevelMeter, measure, measure_file
from moodprint.errors import EmptyFileError

RATE = 8000


def tone(seconds: float, level: float = 1.0, rate: int = RATE, hz: float = 440.0) -> np.ndarray:
    at = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def test_known_levels():
    square = np.ones(RATE, np.float32)
    square[::2] = -1
    assert measure([square], RATE).levels_db == pytest.approx(0.0, abs=1e-4)
    assert measure([tone(1, hz=400)], RATE).levels_db == pytest.approx(-3.0103, abs=1e-3)
    assert measure([tone(1, 0.01, hz=400)], RATE).levels_db == pytest.approx(-43.0103, abs=1e-3)
    assert (measure([np.zeros(RATE, np.float32)], RATE).levels_db == LOWEST_DB).all()


def test_channels_in_opposite_phase_do_not_cancel():
    left = tone(1)
    assert measure([np.stack([left, -left])], RATE).loudest_db == pytest.approx(-3.0, abs=0.1)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.integers(1, 2))
def test_the_joints_of_blocks_leave_no_trace(lengths, channels):
    samples = np.random.default_rng(1).normal(0, 0.1, (channels, sum(lengths) + 1)).astype("f4")
    cuts = np.cumsum(lengths)
    whole = measure([samples], RATE)
    pieces = measure(np.split(samples, cuts, axis=1), RATE)
    np.testing.assert_allclose(pieces.levels_db, whole.levels_db, atol=1e-4)
    assert pieces.duration_s == whole.duration_s == samples.shape[1] / RATE


def test_a_short_last_frame_is_measured_on_what_it_has():
    curve = measure([np.ones(RATE // 100 + 3, np.float32)], RATE)
    assert curve.levels_db == pytest.approx([0, 0], abs=1e-4)
    assert curve.time_s(2) == curve.duration_s == pytest.approx(83 / 8000)


def test_nothing_has_no_level(tmp_path):
    with pytest.raises(EmptyFileError):
        LevelMeter(RATE).finish()
    soundfile.write(tmp_path / "a.wav", np.zeros(100), RATE)
    with pytest.raises(EmptyFileError, match=r"a\.wav"):
        measure_file(tmp_path / "a.wav", start_s=1.0)


@pytest.mark.parametrize("rate", [11025, 22050, 44100, 48000])
def test_times_hold_at_any_rate(tmp_path, rate):
    samples = np.r_[np.zeros(2 * rate), tone(1.0, 0.5, rate), np.zeros(rate)]
    soundfile.write(tmp_path / "a.wav", samples, rate)
    curve = measure_file(tmp_path / "a.wav")
    loud = np.flatnonzero(curve.levels_db > -60)
    assert curve.time_s(int(loud[0])) == pytest.approx(2.0, abs=curve.hop_s)
    assert curve.time_s(int(loud[-1]) + 1) == pytest.approx(3.0, abs=curve.hop_s)
