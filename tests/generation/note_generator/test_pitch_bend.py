import numpy as np
import pytest

from moodprint.generation.note_generator.pitch_bend import bent, samples_read

RATE = 16_000
TONE = np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE).astype(np.float32)


def _frequency_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    return float(spectrum.argmax() * RATE / (1 << 18))


@pytest.mark.parametrize("semitones", [-8.0, -1.0, 1 / 3, 2.0, 8.0])
def test_a_steady_bend_moves_the_pitch_and_keeps_the_wave(semitones: float) -> None:
    sound = bent(TONE, [semitones] * 5, RATE, 2 * RATE)
    wanted_hz = 440 * 2 ** (semitones / 12)
    assert _frequency_hz(sound) == pytest.approx(wanted_hz, rel=1e-4)
    exact = np.sin(2 * np.pi * wanted_hz * np.arange(2 * RATE) / RATE)
    np.testing.assert_allclose(sound[4:], exact[4:], atol=2e-3)


def test_a_glide_goes_straight_and_its_end_stays() -> None:
    sound = bent(TONE, [0.0, 6.0, 12.0], 3 * RATE // 2, 2 * RATE)
    for at, semitones in [(0.25, 3.0), (0.75, 9.0), (1.5, 12.0)]:
        first = round(at * RATE)
        heard = 12 * np.log2(_frequency_hz(sound[first - 400 : first + 400]) / 440)
        assert heard == pytest.approx(semitones, abs=0.1)


def test_steps_between_bends_do_not_click() -> None:
    bends = np.random.default_rng(1).integers(-3, 4, 100) / 3
    sound = bent(TONE, bends.tolist(), RATE, RATE)
    steepest = 2 * np.pi * 440 * 2 ** (1 / 12) / RATE
    assert np.abs(np.diff(sound)).max() < 1.02 * steepest
    assert np.abs(np.diff(sound, 2)).max() < 1.1 * steepest**2


@pytest.mark.parametrize("bends", [[], [0.0], [0.0] * 50, [-0.0, 0.0]])
def test_without_bends_nothing_changes(bends: list[float]) -> None:
    assert samples_read(bends, 1_000) == 1_000
    np.testing.assert_array_equal(bent(TONE, bends, 900, 1_000), TONE[:1_000])


@pytest.mark.parametrize("bends", [[-2.0], [0.0, 5.0, -1.0], [8.0]])
@pytest.mark.parametrize("samples", [1, 2, 5_000])
def test_as_much_as_is_needed_suffices(bends: list[float], samples: int) -> None:
    enough = bent(TONE[: samples_read(bends, samples)], bends, samples, samples)
    assert len(enough) == samples
    np.testing.assert_array_equal(enough, bent(TONE, bends, samples, samples))


def test_a_note_that_runs_out_ends_early() -> None:
    assert len(bent(TONE[:1_000], [12.0], 1_000, 1_000)) == 500
    assert len(bent(TONE[:0], [12.0], 1_000, 1_000)) == 0
