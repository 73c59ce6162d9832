import numpy as np
import pytest

from moodprint.generation.note_generator.sustain import envelope, lengthened

RATE = 16_000


def _tone(frequency_hz: float, decay_s: float = np.inf) -> np.ndarray:
    time_s = np.arange(64_000) / RATE
    tone = np.sin(2 * np.pi * frequency_hz * time_s) * np.exp(-time_s / decay_s)
    tone[48_000:] *= np.linspace(1, 0, 16_000)  # the release that a generator learns
    return (0.5 * tone).astype(np.float32)


@pytest.mark.parametrize("samples", [1, 8_000, 43_000])
def test_a_short_note_is_its_beginning(samples: int) -> None:
    note = _tone(220)
    np.testing.assert_array_equal(lengthened(note, samples), note[:samples])


@pytest.mark.parametrize("frequency_hz", [61.7, 220, 443.21, 1046.5])
def test_a_long_note_goes_on_without_a_click_in_tune(frequency_hz: float) -> None:
    long = lengthened(_tone(frequency_hz), 10 * RATE)
    assert len(long) == 10 * RATE
    steepest = 0.5 * 2 * np.pi * frequency_hz / RATE
    assert np.abs(np.diff(long)).max() < 1.05 * steepest
    level = np.abs(long).reshape(-1, RATE // 10).max(axis=1)
    assert level.min() > 0.45
    spectrum = np.abs(np.fft.rfft(long[5 * RATE : 9 * RATE] * np.hanning(4 * RATE)))
    assert spectrum.argmax() / 4 == pytest.approx(frequency_hz, abs=0.5)


def test_a_note_that_dies_away_goes_on_dying_away() -> None:
    long = lengthened(_tone(220, decay_s=2.0), 8 * RATE)
    level = np.abs(long).reshape(-1, RATE // 4).max(axis=1)
    assert (np.diff(level) < 0.005).all()
    assert level[-1] < 0.15 * level[0]


def test_silence_and_noise_can_be_held() -> None:
    assert not lengthened(np.zeros(64_000, np.float32), 100_000).any()
    noise = np.random.default_rng(0).normal(size=64_000).astype(np.float32)
    assert np.isfinite(lengthened(noise, 200_000)).all()


def test_a_key_goes_up_and_down_without_a_corner() -> None:
    gains = envelope(1_000, 500)
    assert gains[0] == 0
    assert gains[-1] < 1e-4
    assert gains[100:1_000].min() == 1
    assert np.abs(np.diff(gains)).max() < 0.03
    assert len(envelope(3, 5)) == 8
