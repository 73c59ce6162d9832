"""Against the test signals of EBU Tech 3341 and 3342, and values of other programs."""

import numpy as np
import pytest

from moodprint.audio.decode import AudioStream
from moodprint.audio.loudness import ProgrammeMeter

RATE_HZ = 48_000


def _tone(seconds, level_dbfs, hz=1000.0, phase=0.0, rate_hz=RATE_HZ):
    turns = 2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (level_dbfs / 20) * np.sin(turns + phase)).astype(np.float32)


def _measured(mono, channels=2, rate_hz=RATE_HZ, block=None):
    samples = np.tile(mono, (channels, 1))
    meter = ProgrammeMeter(rate_hz, channels)
    for start in range(0, samples.shape[1], block or max(1, samples.shape[1])):
        meter.push(samples[:, start : start + (block or samples.shape[1])])
    return meter.finish()


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_tone_on_both_channels_has_its_level(level, rate_hz):
    """Tech 3341, cases 1 and 2."""
    found = _measured(_tone(20, level, rate_hz=rate_hz), rate_hz=rate_hz)
    assert found.integrated_lufs == pytest.approx(level, abs=0.1)
    assert found.range_lu == pytest.approx(0, abs=0.1)


def test_soft_passages_are_gated():
    """Tech 3341, cases 3 and 4."""
    levels = [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)]
    found = _measured(np.concatenate([_tone(*each) for each in levels]))
    assert found.integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(("levels", "range_lu"), [((-20, -30), 10), ((-40, -20), 20)])
def test_the_range_is_that_between_soft_and_loud(levels, range_lu):
    """Tech 3342, cases 1 and 3."""
    found = _measured(np.concatenate([_tone(20, level) for level in levels]))
    assert found.range_lu == pytest.approx(range_lu, abs=1)


@pytest.mark.parametrize(("hz", "phase"), [(12_000, 0), (12_000, np.pi / 4), (8_000, np.pi / 3)])
def test_peaks_between_the_samples_count(hz, phase):
    """Tech 3341, cases 15 to 17: half of full scale, though samples may reach 3 dB less."""
    tone = _tone(2, 20 * np.log10(0.5), hz, phase)
    fades = np.minimum(1, np.minimum(np.arange(len(tone)), np.arange(len(tone))[::-1]) / 4_800)
    found = _measured(tone * fades.astype(np.float32))
    assert -6.4 <= found.true_peak_dbtp <= -5.8


def test_blocks_of_any_length_leave_no_trace():
    mono = np.random.default_rng(1).normal(0, 0.1, 5 * RATE_HZ).astype(np.float32)
    assert _measured(mono, block=1_013) == _measured(mono)


def test_music_has_the_loudness_that_others_measure():
    """pyloudnorm 0.2.0: -16.03; ffmpeg's ebur128: -16.0, range 7.0, peak -2.2."""
    stream = AudioStream("examples/song.mp3", mono=True, sample_rate_hz=16_000)
    meter = ProgrammeMeter(stream.native_rate_hz, stream.native_channels)
    stream.listeners.append(meter.push)
    assert sum(map(len, stream)) > 0
    found = meter.finish()
    assert found.integrated_lufs == pytest.approx(-16.03, abs=0.1)
    assert found.range_lu == pytest.approx(7.0, abs=0.1)
    assert found.true_peak_dbtp == pytest.approx(-2.2, abs=0.1)


@pytest.mark.parametrize("samples", [0, 1, 1_000, RATE_HZ])
def test_silence_and_what_is_too_short_have_none(samples):
    found = _measured(np.zeros(samples, np.float32))
    assert (found.integrated_lufs, found.range_lu, found.true_peak_dbtp) == (None, None, None)


def test_without_true_peak_the_rest_is_the_same():
    samples = _tone(5, -10)[None]
    meters = [ProgrammeMeter(RATE_HZ, 1, true_peak=peak) for peak in (False, True)]
    for meter in meters:
        meter.push(samples)
    without, with_peak = (meter.finish() for meter in meters)
    assert without.true_peak_dbtp is None
    assert without.integrated_lufs == with_peak.integrated_lufs


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 6, 7, 8, 9, 24])
@pytest.mark.parametrize("rate_hz", [4_000, 8_000, 384_000])
def test_any_rate_and_number_of_channels_is_measured(channels, rate_hz):
    found = _measured(_tone(1, -20, hz=900, rate_hz=rate_hz), channels, rate_hz)
    assert -24 < found.integrated_lufs < -10


def test_mono_counts_once():
    """BS.1770: a tone of one channel is 3 dB under that of two."""
    one, two = (_measured(_tone(5, -23), channels).integrated_lufs for channels in (1, 2))
    assert two - one == pytest.approx(3.01, abs=0.05)
