"""What is measured of a song is what its parts would measure alone, and survives the cache."""

import tracemalloc

import numpy as np
import pytest
import soundfile

from moodprint.audio.decode import decode
from moodprint.audio.resample import resampled
from moodprint.audio.silence import Span
from moodprint.corpus import harmony
from moodprint.corpus.describe import Description, describe
from moodprint.errors import EmptyFileError, MissingFileError
from moodprint.fingerprint.peaks import extract_peaks


@pytest.fixture
def mix(recordings):
    return recordings / "happy" / "mix.flac"


@pytest.mark.parametrize("span", [Span(0.0, 25.3), Span(3.21, 9.87), Span(13.3, 25.3)])
def test_one_pass_gives_what_the_whole_would(mix, span):
    found = describe(mix, span)
    whole = decode(mix, start_s=span.start_s, stop_s=span.end_s)
    at_harmony = resampled(whole, harmony.RATE_HZ).mono
    np.testing.assert_allclose(found.chroma, harmony.chroma(at_harmony), atol=1e-5)
    peaks = extract_peaks(whole)
    assert found.landmarks.duration_s == peaks.duration_s
    np.testing.assert_allclose(found.landmarks.peaks.frame, peaks.peaks.frame, atol=1e-3)
    np.testing.assert_allclose(found.landmarks.peaks.octave, peaks.peaks.octave, atol=1e-4)
    assert found.quality.sample_rate_hz == whole.sample_rate_hz
    assert found.quality.clipped == 0.0
    assert found.quality.bit_rate_bps > 0


def test_channels_that_cancel_out_one_another_are_measured_all_the_same(mix, tmp_path):
    sound = decode(mix)
    soundfile.write(tmp_path / "anti.wav", np.stack([sound.mono, -sound.mono], 1), 16_000)
    found, plain = describe(tmp_path / "anti.wav", Span(0, 20)), describe(mix, Span(0, 20))
    np.testing.assert_allclose(found.chroma, plain.chroma, atol=0.02)
    assert found.quality.bandwidth_hz == plain.quality.bandwidth_hz > 0
    assert abs(len(found.landmarks.peaks) - len(plain.landmarks.peaks)) < 20


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050])
def test_any_rate_is_brought_to_those_of_harmony_and_landmarks(mix, tmp_path, rate):
    sound = resampled(decode(mix), rate)
    soundfile.write(tmp_path / "song.wav", sound.samples.T, rate)
    found = describe(tmp_path / "song.wav", Span(0, 20))
    assert found.quality.sample_rate_hz == rate
    assert len(found.chroma) == pytest.approx(40, abs=1)
    assert found.landmarks.duration_s == pytest.approx(20, abs=0.01)


def test_it_comes_back_from_the_cache_as_it_was(mix):
    found = describe(mix, Span(0, 12))
    back = Description.from_bytes(found.to_bytes())
    assert back.quality == found.quality
    assert back.landmarks.duration_s == found.landmarks.duration_s
    np.testing.assert_array_equal(back.landmarks.peaks.frame, found.landmarks.peaks.frame)
    np.testing.assert_array_equal(back.landmarks.peaks.octave, found.landmarks.peaks.octave)
    np.testing.assert_allclose(back.chroma, found.chroma, atol=1e-3)
    assert back.chroma.dtype == np.float32


def test_silence_is_described(tmp_path):
    soundfile.write(tmp_path / "still.wav", np.zeros(16_000 * 3), 16_000)
    found = describe(tmp_path / "still.wav", Span(0, 3))
    assert not found.chroma.any()
    assert len(found.landmarks.peaks) == 0
    assert found.quality.bandwidth_hz == 0.0


def test_nothing_to_describe(mix, tmp_path):
    with pytest.raises(EmptyFileError, match="holds no audio samples from 99 s on"):
        describe(mix, Span(99, 120))
    with pytest.raises(MissingFileError):
        describe(tmp_path / "none.wav", Span(0, 1))


def test_memory_does_not_grow_with_the_samples(tmp_path):
    rate, minutes = 44_100, 4
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, (rate * 20, 2)).astype(np.float32)
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", rate, 2) as file:
        for _ in range(3 * minutes):
            file.write(noise)
    describe(path, Span(0, 20))  # so that what is loaded once does not count
    tracemalloc.start()
    describe(path, Span(0, 60 * minutes))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 60e6 < rate * 60 * minutes * 2 * 4 * 0.75
