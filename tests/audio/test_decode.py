"""Samples out of every kind of file: whole, in parts, in blocks, at other rates, damaged."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from media_files import KINDS, Kind, tones, write_media

from moodprint.audio.decode import AudioStream, decode
from moodprint.clip import FloatArray
from moodprint.errors import EmptyFileError, MoodprintError, OptionError

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


# The sample at which a part begins is exact in all but Matroska, whose stamps are milliseconds.
EXACT_PARTS = [name for name in KINDS if KINDS[name].suffix not in (".mkv", ".webm")]


@pytest.mark.parametrize("name", EXACT_PARTS)
@pytest.mark.parametrize(("start_s", "stop_s"), [(0, 1.0), (0.5, 0.5001), (2.3, 3.1), (1.7, None)])
def test_a_part_is_the_slice_of_the_whole(media, name: str, start_s: float, stop_s) -> None:
    kind = KINDS[name]
    whole = decode(media(name)).samples
    stop = None if stop_s is None else round(stop_s * kind.rate_hz)
    part = decode(media(name), start_s=start_s, stop_s=stop_s)
    assert part.origin.start_s == start_s
    # A decoder that starts in the midst has other rounding and noise at first.
    tolerance = 0.01 if kind.codec == "aac" else 1e-5
    wanted = whole[:, round(start_s * kind.rate_hz) : stop]
    np.testing.assert_allclose(part.samples, wanted, atol=tolerance)


@pytest.mark.parametrize("name", ["mkv", "webm"])
def test_a_part_of_matroska_is_exact_to_its_millisecond_stamps(media, name: str) -> None:
    rate_hz = KINDS[name].rate_hz
    whole = decode(media(name)).samples[0]
    part = decode(media(name), start_s=2.3, stop_s=3.1).samples[0]
    first = round(2.3 * rate_hz)
    shifts = range(-rate_hz // 1000, rate_hz // 1000 + 1)
    errors = [
        np.abs(whole[first + shift : first + shift + len(part)] - part).max() for shift in shifts
    ]
    assert min(errors) < 0.02


@pytest.mark.parametrize("name", ["wav-16", "mp3", "ogg", "m4a", "mp4", "ts"])
def test_a_part_behind_the_end_is_nothing(media, name: str) -> None:
    source = AudioStream(media(name), start_s=60)
    assert list(source) == []
    assert source.warnings == []
    with pytest.raises(EmptyFileError, match="no audio samples from 60 s on"):
        decode(media(name), start_s=60)


@pytest.mark.parametrize("name", ["wav-16", "m4a"])
def test_a_part_that_reaches_over_the_end_ends_there(media, name: str) -> None:
    whole = decode(media(name)).samples
    part = decode(media(name), start_s=3, stop_s=60)
    assert part.samples.shape[1] == whole.shape[1] - 3 * 44_100


def test_a_part_of_no_length_is_nothing(media) -> None:
    assert list(AudioStream(media("wav-16"), start_s=1, stop_s=1)) == []


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


def test_sound_that_ends_before_the_picture_is_a_warning(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.mkv", KINDS["mkv"], tones(1, 44_100, 2), video_s=5)
    source = AudioStream(path)
    list(source)
    assert source.warnings == ["the audio ends at 1.0 s of an announced 5.0 s"]


# Which damage a format can tell: all but those made of frames without any frame of the whole.
CUT = [
    *("wav-u8", "wav-16", "wav-24", "wav-float", "wav-5.1", "ogg", "opus", "flac", "aiff"),
    *("m4a", "mkv", "webm", "avi", "mp3", "aac", "wma", "ac3-5.1", "ts"),
]
CANNOT_TELL = ["aac", "ac3-5.1", "ts"]
LARGEST_PIECE_S = {"ogg": 2.0, "opus": 1.05, "flac": 0.4}
"""A page of Ogg that is cut is lost, and may hold seconds of so simple a sound."""


@pytest.mark.parametrize("share", [0.71, 0.9])
@pytest.mark.parametrize("name", CUT)
def test_a_truncated_file_is_read_as_far_as_it_goes(
    media, tmp_path: Path, name: str, share: float
) -> None:
    whole = _index_first(media(name), tmp_path) if name == "m4a" else media(name)
    data = whole.read_bytes()
    path = tmp_path / f"cut{whole.suffix}"
    path.write_bytes(data[: int(len(data) * share)])
    source = AudioStream(path, mono=False, sample_rate_hz=None)
    samples = np.concatenate(list(source), axis=1)
    wanted = decode(whole).samples
    length = samples.shape[1]
    lost_s = LARGEST_PIECE_S.get(name, 0.3)
    assert wanted.shape[1] * share - lost_s * KINDS[name].rate_hz <= length <= wanted.shape[1]
    inner = max(1, length - 3000)
    np.testing.assert_allclose(samples[:, :inner], wanted[:, :inner], atol=1e-4)
    if name not in CANNOT_TELL:
        assert re.search("truncated|announced|damaged", "\n".join(source.warnings))


def _index_first(m4a: Path, folder: Path) -> Path:
    """The same file with its index in front, as for the web: it can be read while it grows."""
    import av

    path = folder / "index-first.m4a"
    with (
        av.open(str(m4a)) as source,
        av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path


def test_a_wav_from_a_pipe_is_not_truncated(media, tmp_path: Path) -> None:
    """Its writer could not go back, and left the largest length in the header."""
    data = bytearray(media("wav-16").read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = data[4:8] = b"\xff\xff\xff\xff"
    path = tmp_path / "piped.wav"
    path.write_bytes(data)
    source = AudioStream(path, mono=False)
    samples = np.concatenate(list(source), axis=1)
    assert source.warnings == []
    assert samples.shape == (2, 4 * 44_100)


def test_ogg_files_in_a_row_are_read_to_the_end(media, tmp_path: Path) -> None:
    path = tmp_path / "chain.ogg"
    path.write_bytes(media("ogg").read_bytes() + media("ogg", 2.0).read_bytes())
    assert decode(path).duration_s == pytest.approx(6.0, abs=0.05)


def test_mp3_files_in_a_row_are_read_to_the_end(media, tmp_path: Path) -> None:
    path = tmp_path / "row.mp3"
    path.write_bytes(media("mp3").read_bytes() * 2)
    assert decode(path).duration_s == pytest.approx(8.0, abs=0.2)


def test_damage_in_the_middle_does_not_hide_the_end(media, tmp_path: Path) -> None:
    for name in ("mp3", "m4a", "mkv", "ts", "aac"):
        data = bytearray(media(name).read_bytes())
        middle = len(data) * 2 // 5
        data[middle : middle + 400] = b"\x55" * 400
        path = tmp_path / f"hurt{KINDS[name].suffix}"
        path.write_bytes(data)
        assert decode(path).duration_s == pytest.approx(4.0, abs=0.5), name


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


def test_a_truncated_header_is_refused_or_read(media, tmp_path: Path) -> None:
    for name, kind in KINDS.items():
        data = media(name).read_bytes()
        for length in (1, 4, 12, 40, 100, 300):
            path = tmp_path / f"head{kind.suffix}"
            path.write_bytes(data[:length])
            with contextlib.suppress(MoodprintError):
                list(AudioStream(path))


def _noise(minutes: int, rate_hz: int) -> FloatArray:
    minute = np.random.default_rng(0).normal(0, 0.1, (1, 60 * rate_hz)).astype(np.float32)
    return np.tile(minute, minutes)


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    peaks = []
    for minutes in (1, 4):
        path = tmp_path / f"{minutes}.flac"
        soundfile.write(path, _noise(minutes, 22_050).T, 22_050)
        tracemalloc.start()
        for _ in AudioStream(path, sample_rate_hz=16_000):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


_RESIDENT = """
import resource, sys
from moodprint.audio.decode import AudioStream
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seconds = sum(len(block) for block in AudioStream(sys.argv[1], sample_rate_hz=16_000)) / 16_000
print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.long
@pytest.mark.parametrize("name", ["flac-mono-22k", "mp3-mono-16k", "m4a-mono"])
def test_half_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path, name: str) -> None:
    kind = KINDS.get(name, Kind(".m4a", "aac", rate_hz=16_000, channels=1))
    grown_mb = []
    for minutes in (1, 30):
        noise = _noise(minutes, kind.rate_hz)
        path = write_media(tmp_path / f"{minutes}{kind.suffix}", kind, noise)
        done = subprocess.run(
            [sys.executable, "-c", _RESIDENT, path],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, mb = map(float, done.stdout.split())
        assert seconds == pytest.approx(60 * minutes, abs=0.2)
        grown_mb.append(mb)
    assert grown_mb[1] < grown_mb[0] + 10
