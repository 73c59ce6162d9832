import numpy as np
import pytest

from moodprint.recognition.explanation.cues.loudness import (
    QUIETEST_LUFS,
    loudness_change_db_per_s,
    loudness_lufs,
    weighted_power,
)
from moodprint.recognition.explanation.cues.spectra import magnitudes


def told(samples):
    return loudness_lufs(weighted_power(magnitudes(samples)[8:-8]))


def test_a_full_scale_tone_at_997_hz_has_the_loudness_that_the_standard_gives(tone):
    """ITU-R BS.1770-4: "a 0 dBFS, 997 Hz sine wave ... will equal -3.01 LKFS"."""
    assert told(tone(997.0, seconds=4, gain=1.0)) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize(
    ("hz", "lufs"), [(60.0, -6.63), (100.0, -4.87), (2000.0, -0.67), (5000.0, 0.27)]
)
def test_low_tones_count_less_and_high_ones_more(tone, hz, lufs):
    """Golden values: pyloudnorm 0.2's integrated_loudness at 48 kHz of the same sine."""
    assert told(tone(hz, seconds=4, gain=1.0)) == pytest.approx(lufs, abs=0.15)


def test_ten_db_are_ten_lu(noise):
    assert told(noise) - told(noise * 10 ** (-10 / 20)) == pytest.approx(10, abs=0.01)


def test_silence_is_as_quiet_as_it_gets():
    assert told(np.zeros(32_000, np.float32)) == QUIETEST_LUFS


@pytest.mark.parametrize("slope", [2.0, -3.0, 0.0])
def test_the_slope_of_a_ramp_in_db_is_found(noise, slope):
    ramp = noise * 10 ** (slope * (np.arange(len(noise)) / 16_000 - 5) / 20)
    power = weighted_power(magnitudes(ramp.astype(np.float32)))
    rows = np.array([loudness_lufs(part) for part in power.reshape(-1, 8)])
    assert loudness_change_db_per_s(rows[1:-1]) == pytest.approx(slope, abs=0.05)


def test_one_row_has_no_slope():
    assert loudness_change_db_per_s(np.array([-20.0])) == 0.0
