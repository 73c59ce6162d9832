import numpy as np
import pytest

from moodprint.generation.note_generator.stft import frames_of, inverse_stft, stft


def _noise(samples: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=(2, samples))


def test_a_note_of_64000_samples_takes_128_frames_of_1024_bins() -> None:
    assert stft(_noise(64_000)).shape == (2, 128, 1024)
    assert frames_of(64_000) == 128


@pytest.mark.parametrize("samples", [1, 511, 512, 513, 9_000])
def test_any_length_is_filled_up_to_a_whole_hop(samples: int) -> None:
    assert stft(_noise(samples)).shape == (2, frames_of(samples), 1024)


def test_each_bin_is_the_sum_that_defines_it() -> None:
    waveform = _noise(2048)[:1]
    padded = np.concatenate([np.zeros(3072), waveform[0]])
    n = np.arange(2048)
    hann = np.sin(np.pi * n / 2048) ** 2
    spectra = stft(waveform)
    for frame, frequency_bin in [(0, 4), (2, 0), (4, 1023), (6, 100)]:
        piece = padded[512 * frame : 512 * frame + 2048] * hann
        expected = np.sum(piece * np.exp(-2j * np.pi * (frequency_bin + 1) * n / 2048))
        assert spectra[0, frame, frequency_bin] == pytest.approx(expected, abs=1e-9)


def test_the_way_back_is_exact_where_all_frames_overlap() -> None:
    waveform = np.sin(np.arange(20_480) * 0.3)[None] * np.hanning(20_480)
    back = inverse_stft(stft(waveform))
    assert back.shape == waveform.shape
    np.testing.assert_allclose(back[:, :-1536], waveform[:, :-1536], atol=2e-5)


def test_the_end_fades_as_frames_run_out() -> None:
    back = inverse_stft(stft(np.cos(np.arange(20_480) * 0.3)[None]))[0]
    n = np.arange(2048)
    hann_squared = np.sin(np.pi * n / 2048) ** 4
    cover = sum(hann_squared[512 + 512 * k : 1024 + 512 * k] for k in range(3)) / 1.5
    expected = np.cos(np.arange(20_480 - 1536, 20_480 - 1024) * 0.3) * cover
    np.testing.assert_allclose(back[-1536:-1024], expected, atol=2e-3)
