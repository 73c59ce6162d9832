import numpy as np
import pytest

from moodprint.recognition.explanation.cues.loudness import (
    LOUDNESS,
    LOUDNESS_CHANGE,
    QUIETEST_LUFS,
    loudness_change_db_per_s,
    loudness_lufs,
    weighted_power,
)
from moodprint.recognition.explanation.cues.spectra import magnitudes


def loudness_of(samples):
    return loudness_lufs(weighted_power(magnitudes(samples)[8:-8]))


def test_a_full_scale_tone_at_997_hz_has_the_loudness_that_the_standard_gives(tone):
    """ITU-R BS.1770-4: "a 0 dBFS, 997 Hz sine wave ... will equal -3.01 LKFS"."""
    assert loudness_of(tone(997.0, seconds=4, gain=1.0)) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize(
    ("hz", "lufs"), [(60.0, -6.63), (100.0, -4.87), (2000.0, -0.67), (5000.0, 0.27)]
)
def test_low_tones_count_less_and_high_ones_more(tone, hz, lufs):
    """Golden values: pyloudnorm 0.2's integrated_loudness at 48 kHz of the same sine."""
    assert loudness_of(tone(hz, seconds=4, gain=1.0)) == pytest.approx(lufs, abs=0.15)


def test_ten_db_are_ten_lu(noise):
    assert loudness_of(noise) - loudness_of(noise * 10 ** (-10 / 20)) == pytest.approx(10, abs=0.01)


def test_silence_is_as_quiet_as_it_gets():
    assert loudness_of(np.zeros(32_000, np.float32)) == QUIETEST_LUFS


@pytest.mark.parametrize("slope", [2.0, -3.0, 0.0])
def test_the_slope_of_a_ramp_in_db_is_found(noise, slope):
    ramp = noise * 10 ** (slope * (np.arange(len(noise)) / 16_000 - 5) / 20)
    power = weighted_power(magnitudes(ramp.astype(np.float32)))
    rows = np.array([loudness_lufs(part) for part in power.reshape(-1, 8)])
    assert loudness_change_db_per_s(rows[1:-1]) == pytest.approx(slope, abs=0.05)


def test_one_row_has_no_slope():
    assert loudness_change_db_per_s(np.array([-20.0])) == 0.0


def test_the_cue_is_the_loudness_of_the_stretch_alone(record, noise):
    recording = record(np.concatenate([0.1 * noise, noise]))
    soft, loud = recording.stretch((2.0, 8.0)), recording.stretch((12.0, 18.0))
    assert LOUDNESS.measure(loud) - LOUDNESS.measure(soft) == pytest.approx(20, abs=0.1)
    assert LOUDNESS.measure(soft) == pytest.approx(loudness_of(0.1 * noise), abs=0.3)


def test_the_change_looks_at_ten_seconds_around_a_stretch(record, noise):
    slope = np.repeat(np.linspace(-20, 0, 20), 8_000)
    recording = record((noise * 10 ** (slope / 20)).astype(np.float32))
    assert LOUDNESS_CHANGE.measure(recording.stretch((4.5, 5.5))) == pytest.approx(2.1, abs=0.15)


def test_the_change_of_parts_is_the_mean_of_theirs(record, noise):
    recording = record(np.concatenate([noise, 0.1 * noise]))
    around, later = (7.5, 12.5), (17.0, 20.0)
    alone = [LOUDNESS_CHANGE.measure(recording.stretch(each)) for each in (around, later)]
    both = LOUDNESS_CHANGE.measure(recording.stretch(around, later))
    assert both == pytest.approx(np.mean(alone))
    assert alone[0] < -1 < abs(alone[1]) + 1


def test_values_are_read_with_their_units():
    assert LOUDNESS.say(-22.4) == "-22 LUFS"
    assert LOUDNESS_CHANGE.say(1.26) == "+1.3 dB/s"
