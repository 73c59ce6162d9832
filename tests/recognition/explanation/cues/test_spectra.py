import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint.recognition.explanation.cues.spectra import (
    FRAMES_PER_ROW,
    HOP,
    WINDOW,
    SpectrumStream,
    frequencies_hz,
    magnitudes,
)


def test_a_sine_of_full_scale_peaks_at_1_in_its_bin(tone):
    spectrum = magnitudes(tone(1000.0, gain=1.0))[10]
    assert spectrum.argmax() == 256
    assert spectrum.max() == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("samples", "rows"), [(0, 1), (1, 1), (8000, 1), (8001, 2), (80_000, 10), (79_999, 10)]
)
def test_every_half_second_that_was_begun_has_a_row(samples, rows):
    assert magnitudes(np.zeros(samples, np.float32)).shape == (rows * FRAMES_PER_ROW, 2049)


def test_silence_has_no_magnitude():
    assert not magnitudes(np.zeros(20_000, np.float32)).any()


@given(cuts=st.lists(st.integers(0, 30_000), max_size=6))
def test_where_blocks_end_leaves_no_trace(cuts):
    sound = np.random.default_rng(0).normal(size=30_000).astype(np.float32)
    stream = SpectrumStream()
    pieces = [part for cut in np.split(sound, sorted(cuts)) for part in stream.push(cut)]
    pieces += stream.finish()
    np.testing.assert_array_equal(np.concatenate(pieces), magnitudes(sound))


def test_bins_are_even_from_0_to_8_khz():
    hz = frequencies_hz()
    assert (hz[0], hz[256], hz[-1]) == (0, 1000, 8000)
    np.testing.assert_allclose(np.diff(hz), 16_000 / WINDOW, rtol=1e-5)


def test_a_frame_is_centred_on_its_time():
    click = np.zeros(16_000, np.float32)
    click[8_000] = 1.0
    energy = magnitudes(click).sum(axis=1)
    assert energy.argmax() == 8_000 // HOP
    np.testing.assert_allclose(energy[7], energy[9], rtol=1e-3)


def test_twice_the_level_is_twice_the_magnitude(tone):
    once, twice = magnitudes(tone(700.0, gain=0.2)), magnitudes(tone(700.0, gain=0.4))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-5, atol=1e-7)
