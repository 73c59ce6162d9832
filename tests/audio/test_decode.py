"""Samples out of every kind of file: whole, in blocks, at other rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_files import KINDS, tones, write_media

from moodprint.audio.decode import AudioStream, decode
from moodprint.errors import EmptyFileError, OptionError

TO_THE_SAMPLE = [name for name, kind in KINDS.items() if kind.lossless]
WITHOUT_DELAY = ["mp3", "mp3-mono-16k", "ogg", "opus", "webm"]
"""Lossy kinds whose header says how much the encoder added in front, so that it is cut off."""

FULL_BAND = 0.03
"""How far a lossy codec strays from tones at 0.4, away from the ends."""


@pytest.mark.parametrize("name", TO_THE_SAMPLE)
def test_lossless_kinds_give_back_what_was_written(media, name: str) -> None:
    kind = KINDS[name]
    clip = decode(media(name))
    assert clip.sample_rate_hz == kind.rate_hz
    assert clip.samples.dtype == np.float32
    assert clip.origin.source == str(media(name))
    np.testing.assert_allclose(clip.samples, tones(4, kind.rate_hz, kind.channels), atol=2**-15)


def test_eight_bits_give_back_eight_bits(media) -> None:
    np.testing.assert_allclose(decode(media("wav-u8")).samples, tones(4, 8_000, 1), atol=2**-7)


@pytest.mark.parametrize("name", WITHOUT_DELAY)
def test_lossy_kinds_give_back_what_was_written_in_time(media, name: str) -> None:
    kind = KINDS[name]
    samples = decode(media(name)).samples
    wanted = tones(4, kind.rate_hz, kind.channels)
    assert samples.shape == wanted.shape
    inner = slice(kind.rate_hz // 10, -kind.rate_hz // 10)
    np.testing.assert_allclose(samples[:, inner], wanted[:, inner], atol=FULL_BAND)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_read_whole_without_a_warning(media, name: str) -> None:
    kind = KINDS[name]
    source = AudioStream(media(name), mono=False)
    samples = np.concatenate(list(source), axis=1)
    assert source.warnings == []
    assert source.channels == samples.shape[0] == kind.channels
    assert samples.shape[1] / kind.rate_hz == pytest.approx(4.0, abs=0.06)
    assert np.isfinite(samples).all()
    assert 0.3 < np.abs(samples).max() < 1.0
    level = np.sqrt(np.mean(samples**2))
    assert level == pytest.approx(0.4 / np.sqrt(2), rel=0.25)


@pytest.mark.parametrize("name", ["wav-16", "wav-5.1", "mp4"])
def test_mono_is_the_mean_of_the_channels(media, name: str) -> None:
    mono = np.concatenate(list(AudioStream(media(name))))
    assert mono.ndim == 1
    np.testing.assert_allclose(mono, decode(media(name)).samples.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"start_s": -1}, {"start_s": float("nan")}, {"start_s": float("inf")}, {"block_s": 0},
        {"start_s": 2, "stop_s": 1}, {"stop_s": float("nan")}, {"block_s": float("inf")},
        {"sample_rate_hz": 0}, {"sample_rate_hz": -16_000},
    ],
)  # fmt: skip
def test_senseless_times_and_rates_are_refused(media, options: dict) -> None:
    with pytest.raises(OptionError):
        AudioStream(media("wav-16"), **options)


@pytest.mark.parametrize("rate_hz", [None, 16_000, 48_000])
@pytest.mark.parametrize("name", ["wav-16", "mp3", "mp4"])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(block_s=st.floats(0.001, 6.0))
def test_the_size_of_the_blocks_changes_no_sample(media, name, rate_hz, block_s: float) -> None:
    blocks = AudioStream(media(name), sample_rate_hz=rate_hz, block_s=max(block_s, 0.01))
    whole = AudioStream(media(name), sample_rate_hz=rate_hz, block_s=60)
    np.testing.assert_allclose(np.concatenate(list(blocks)), np.concatenate(list(whole)), atol=2e-6)


def test_blocks_have_about_the_length_asked_for(media) -> None:
    lengths_s = [len(block) / 44_100 for block in AudioStream(media("m4a"), block_s=0.5)]
    assert all(0.5 <= length_s < 0.55 for length_s in lengths_s[:-1])


@pytest.mark.parametrize("name", ["wav-u8", "wav-32", "flac-mono-22k", "mp3", "webm"])
def test_another_rate_keeps_the_sound_and_its_length(media, name: str) -> None:
    kind = KINDS[name]
    clip = decode(media(name), sample_rate_hz=16_000)
    assert clip.sample_rate_hz == 16_000
    assert clip.samples.shape == (kind.channels, 64_000)
    wanted = tones(4, 16_000, kind.channels)  # all below 1 kHz, so that no rate loses them
    np.testing.assert_allclose(clip.samples[:, 800:-800], wanted[:, 800:-800], atol=0.04)


def test_two_readings_are_equal_to_the_bit(media) -> None:
    for name in KINDS:
        first, second = (decode(media(name), sample_rate_hz=16_000).samples for _ in range(2))
        assert first.tobytes() == second.tobytes(), name


def test_what_is_no_number_is_silence_in_its_channel_only(wav) -> None:
    samples = np.full((2, 100), 0.5, np.float32)
    samples[0, 3:7] = [np.nan, np.inf, -np.inf, 1e30]
    read = decode(wav(samples)).samples
    assert (read[0, 3:7] == 0).all()
    assert (np.delete(read, slice(3, 7), axis=1) == 0.5).all()
    mono = np.concatenate(list(AudioStream(wav(samples))))
    assert (mono[3:7] == 0.25).all()


def test_float_samples_on_the_scale_of_integers_are_kept(wav) -> None:
    samples = np.linspace(-32768, 32767, 64, dtype=np.float32)
    np.testing.assert_array_equal(decode(wav(samples)).samples[0], samples)


def test_a_track_that_begins_late_comes_after_silence(tmp_path: Path) -> None:
    kind = KINDS["mkv"]
    sound = tones(2, kind.rate_hz, 2)
    path = write_media(tmp_path / "late.mkv", kind, sound, late_s=1.5, video_s=4)
    samples = decode(path).samples
    begin = round(1.5 * kind.rate_hz)
    assert (samples[:, :begin] == 0).all()
    np.testing.assert_allclose(samples[:, begin:], sound, atol=1e-4)
    part = decode(path, start_s=1.0).samples
    assert (part[:, : kind.rate_hz // 2 - 50] == 0).all()
    assert abs(part.shape[1] - (samples.shape[1] - kind.rate_hz)) <= 50


def test_a_file_without_samples_gives_no_block(wav) -> None:
    path = wav(np.zeros((1, 0), np.float32))
    assert list(AudioStream(path)) == []
    with pytest.raises(EmptyFileError):
        decode(path)


def test_the_suffix_does_not_matter(media, tmp_path: Path) -> None:
    for name in ("wav-16", "mp3", "mp4", "webm"):
        for suffix in (".raw", ".txt", ".mp3", ""):
            path = tmp_path / f"file{suffix}"
            path.write_bytes(media(name).read_bytes())
            assert decode(path).duration_s == pytest.approx(4.0, abs=0.03)


def test_reading_may_stop_at_any_time(media) -> None:
    for name in ("wav-16", "mp4"):
        source = AudioStream(media(name), block_s=0.1)
        blocks = iter(source)
        next(blocks)
        blocks.close()
        source.close()
