import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from moodprint.audio.stft import (
    FrameStream,
    centred,
    frames,
    frequencies_hz,
    hann,
    magnitudes,
    overlapped,
    powers,
    spectra,
    synthesis_window,
    unit_hann,
)
from moodprint.errors import OptionError

SIZES = [2, 7, 800, 1024, 4096]


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("size", SIZES)
def test_both_windows_are_those_of_scipy(size):
    np.testing.assert_allclose(hann(size), scipy.signal.get_window("hann", size), atol=1e-15)
    symmetric = scipy.signal.get_window("hann", size, fftbins=False)
    np.testing.assert_allclose(hann(size, symmetric=True), symmetric, atol=1e-15)


@pytest.mark.parametrize(("size", "hop"), [(8, 4), (800, 200), (2048, 512), (4096, 1024), (9, 3)])
def test_shifted_periodic_windows_add_up_to_a_constant(size, hop):
    sums = hann(size).reshape(-1, hop).sum(axis=0)
    np.testing.assert_allclose(sums, size / hop / 2)


@pytest.mark.parametrize("size", [1, 0, -4])
def test_a_window_of_no_length_is_refused(size):
    with pytest.raises(OptionError, match="at least 2 samples"):
        hann(size)


@pytest.mark.parametrize("amplitude", [1.0, 0.25])
def test_a_sine_on_a_bin_peaks_at_its_amplitude_under_the_unit_window(amplitude):
    sine = (amplitude * np.sin(2 * np.pi * 50 * np.arange(800) / 800)).astype(np.float32)
    spectrum = magnitudes(sine, unit_hann(800))
    assert spectrum.argmax() == 50
    assert spectrum[50] == pytest.approx(amplitude, rel=1e-5)
    np.testing.assert_allclose(spectrum[[49, 51]], amplitude / 2, rtol=1e-4)


def test_bins_lie_evenly_from_0_to_half_the_rate():
    np.testing.assert_allclose(frequencies_hz(800, 16_000), np.fft.rfftfreq(800, 1 / 16_000))
    np.testing.assert_allclose(frequencies_hz(2048, 22_050)[[0, -1]], [0, 11_025])


def test_frames_are_slices_of_the_samples():
    samples = np.arange(10.0)
    assert frames(samples, 4, 3).tolist() == [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]]
    assert frames(np.stack([samples, -samples]), 4, 3)[1, 2].tolist() == [-6, -7, -8, -9]


@given(st.integers(0, 60), st.integers(1, 12), st.integers(1, 15))
def test_there_are_as_many_frames_as_fit(count, window, hop):
    framed = frames(np.arange(count, dtype=float), window, hop)
    assert len(framed) == max(0, 1 + (count - window) // hop)
    starts = framed[:, 0].tolist() if len(framed) else []
    assert starts == [hop * number for number in range(len(framed))]


def test_too_few_samples_make_no_frame():
    assert frames(np.zeros((3, 7), np.float32), 8, 2).shape == (3, 0, 8)


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_a_frame_of_a_padded_signal_is_centred_on_its_sample(mode):
    samples = np.arange(1.0, 31)
    framed = frames(centred(samples, 8, mode), 8, 5)
    assert len(framed) == 1 + len(samples) // 5
    np.testing.assert_array_equal(framed[2], samples[6:14])
    before = {"constant": [0, 0, 0, 0], "edge": [1, 1, 1, 1], "reflect": [5, 4, 3, 2]}[mode]
    assert framed[0, :4].tolist() == before


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect"])
def test_librosa_has_the_same_spectra(mode):
    librosa = pytest.importorskip("librosa")
    samples = noise(5000)
    own = spectra(frames(centred(samples, 512, mode), 512, 160), hann(512).astype(np.float32))
    theirs = librosa.stft(samples, n_fft=512, hop_length=160, pad_mode=mode).T
    np.testing.assert_allclose(own, theirs, atol=2e-4)


@given(st.integers(2, 64), st.integers(0, 99))
def test_parseval(size, seed):
    rows, window = noise(3, size, seed=seed).astype(np.float64), hann(size) + 0.1
    power = powers(rows, window)
    twice = np.full(size // 2 + 1, 2.0)  # all bins but 0 Hz and half the rate stand for two
    twice[0] = 1
    if size % 2 == 0:
        twice[-1] = 1
    energy = ((rows * window) ** 2).sum(axis=1)
    np.testing.assert_allclose((power * twice).sum(axis=1) / size, energy)


def test_powers_are_squared_magnitudes_and_scipys_transform_agrees():
    framed, window = frames(noise(9000), 1024, 256), unit_hann(1024)
    own = powers(framed, window)
    assert own.dtype == np.float32
    np.testing.assert_allclose(own, magnitudes(framed, window) ** 2, rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(own, powers(framed, window, by_scipy=True), rtol=1e-3, atol=1e-9)
    double = spectra(framed.astype(np.float64), unit_hann(1024).astype(np.float64))
    assert double.dtype == np.complex128


@pytest.mark.parametrize(("window", "hop", "before"), [(800, 250, 400), (64, 64, 0), (30, 7, 3)])
@given(st.lists(st.integers(0, 900), max_size=12), st.integers(1, 5))
def test_blocks_of_any_lengths_give_the_frames_of_the_whole(window, hop, before, lengths, at_once):
    samples = noise(sum(lengths))
    stream = FrameStream(window, hop, at_once=at_once, before=before)
    runs = []
    for block in np.split(samples, np.cumsum(lengths[:-1])) if lengths else []:
        runs += [run.copy() for run in stream.push(block)]
    whole = frames(np.concatenate([np.zeros(before, np.float32), samples]), window, hop)
    joined = np.concatenate([np.zeros((0, window)), *runs])
    np.testing.assert_array_equal(joined, whole)
    assert stream.count == len(whole)
    assert all(0 < len(run) <= at_once for run in runs)


def test_frames_come_in_whole_groups_and_the_rest_when_it_is_filled_up():
    stream = FrameStream(8, 2, at_once=6, group=3)
    runs = list(stream.push(np.ones(20, np.float32)))  # enough for seven frames
    assert [len(run) for run in runs] == [6]
    missing = stream.missing(9)
    assert missing == 8 + 2 * 8 - 20
    assert [len(run) for run in stream.push(np.zeros(missing, np.float32))] == [3]
    assert stream.missing(9) == 0
    assert stream.missing(10) == 2


def test_what_is_held_does_not_grow_with_the_signal():
    stream = FrameStream(800, 250)
    for _ in range(50):
        for _run in stream.push(np.zeros(1000, np.float32)):
            pass
        assert len(stream._held) < 800


@pytest.mark.parametrize(
    "options", [{"hop": 0}, {"hop": 9}, {"hop": 2, "at_once": 0}, {"hop": 2, "group": 3}]
)
def test_frames_that_cannot_be_are_refused(options):
    with pytest.raises(OptionError, match="0 < hop <= window"):
        FrameStream(8, **options)


@pytest.mark.parametrize(("size", "hop"), [(512, 128), (512, 256), (90, 30)])
def test_overlapped_inverse_spectra_are_the_samples(size, hop):
    samples = noise(2, 10 * size).astype(np.float64)
    window = hann(size)
    spectrum = spectra(frames(samples, size, hop), window)
    pieces = np.fft.irfft(spectrum, size) * synthesis_window(window, hop)
    back = overlapped(pieces, hop)
    inner = slice(size, -size)
    np.testing.assert_allclose(back[:, inner], samples[:, : back.shape[1]][:, inner], atol=1e-12)


def test_overlapping_counts_how_often_a_sample_is_covered():
    assert overlapped(np.ones((3, 4)), 2).tolist() == [1, 1, 2, 2, 2, 2, 1, 1]
    assert overlapped(np.ones((2, 3, 4)), 4).shape == (2, 12)


@pytest.mark.parametrize("hop", [0, 3, 5])
def test_overlaps_that_do_not_fit_are_refused(hop):
    with pytest.raises(OptionError, match="no whole part of a window of 4"):
        synthesis_window(hann(4), hop)
    with pytest.raises(OptionError, match="no whole part of a window of 4"):
        overlapped(np.ones((2, 4)), hop)
