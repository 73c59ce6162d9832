"""Rate, channels, codec or track change midway, as in joined files and broadcasts: all is heard, in
time."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from media_files import Kind, tones, write_media

from moodprint.audio.decode import AudioStream

PART_S = 2.0
RATE_HZ = 16_000
MIDDLE_HZ = 280.0
"""Of the gliding tone after a second."""

STEREO, MONO = (48_000, 2), (32_000, 1)
LOW, HIGH = (16_000, 1), (48_000, 2)


def part(folder: Path, suffix: str, codec: str, form: tuple[int, int], **muxer: str) -> Path:
    """A file of one gliding tone on all channels."""
    rate_hz, channels = form
    path = folder / f"{codec}-{rate_hz}-{channels}-{len(muxer)}{suffix}"
    tone = np.repeat(tones(PART_S, rate_hz, 1), channels, axis=0)
    write_media(path, Kind(suffix, codec, rate_hz=rate_hz, channels=channels), tone)
    if not muxer:
        return path
    moved = path.with_name(f"moved-{path.name}")
    with av.open(str(path)) as source, av.open(str(moved), "w", options=muxer) as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return moved


def joined(folder: Path, *parts: Path) -> Path:
    path = folder / f"joined{parts[0].suffix}"
    path.write_bytes(b"".join(each.read_bytes() for each in parts))
    return path


def assert_all_in_time(path: Path, parts: int) -> list[str]:
    stream = AudioStream(path, sample_rate_hz=RATE_HZ)
    samples = np.concatenate(list(stream))
    assert len(samples) / RATE_HZ == pytest.approx(PART_S * parts, abs=0.1 * parts)
    for piece in np.array_split(samples, parts):
        middle = piece[len(piece) // 2 - 4_000 : len(piece) // 2 + 4_000]
        assert np.abs(middle).max() > 0.1
        spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
        found_hz = int(spectrum.argmax()) * RATE_HZ / len(middle)
        assert found_hz == pytest.approx(MIDDLE_HZ, abs=12)
    assert not any("damaged" in line or "without sound" in line for line in stream.warnings)
    return stream.warnings


@pytest.mark.parametrize(
    ("first", "second"), [(STEREO, MONO), (MONO, STEREO), (LOW, HIGH), (HIGH, LOW)]
)
@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        (".mp3", "libmp3lame"),
        (".aac", "aac"),
        (".mp2", "mp2"),
        (".ts", "aac"),
        (".ts", "mp2"),
        (".mpg", "mp2"),
        (".oga", "flac"),
    ],
)
def test_rate_and_channels(tmp_path: Path, suffix: str, codec: str, first, second) -> None:
    parts = [part(tmp_path, suffix, codec, form) for form in (first, second)]
    warnings = assert_all_in_time(joined(tmp_path, *parts), 2)
    if suffix not in (".ts", ".mpg"):
        assert warnings == [], "packets in a row have no clock that could jump"


@pytest.mark.parametrize(
    "codecs",
    [
        ("mp2", "aac"),
        ("aac", "mp2"),
        ("aac", "ac3"),
        ("mp2", "libopus"),
        ("mp2", "ac3", "mp2"),
        ("aac", "mp2", "ac3", "aac"),
    ],
)
def test_the_codec_of_a_broadcast(tmp_path: Path, codecs: tuple[str, ...]) -> None:
    parts = [part(tmp_path, ".ts", codec, STEREO) for codec in codecs]
    assert_all_in_time(joined(tmp_path, *parts), len(codecs))


@pytest.mark.parametrize("codecs", [("mp2", "mp2"), ("mp2", "aac"), ("aac", "mp2")])
def test_the_number_of_a_broadcast_track(tmp_path: Path, codecs: tuple[str, str]) -> None:
    first = part(tmp_path, ".ts", codecs[0], STEREO)
    second = part(tmp_path, ".ts", codecs[1], STEREO, mpegts_start_pid="600")
    assert_all_in_time(joined(tmp_path, first, second), 2)


def test_damage_in_a_broadcast_is_no_change(tmp_path: Path) -> None:
    whole = part(tmp_path, ".ts", "mp2", STEREO)
    data = bytearray(whole.read_bytes() * 3)
    size = len(data)
    data[size // 3 : size // 2] = np.random.default_rng(0).bytes(size // 2 - size // 3)
    path = tmp_path / "damaged.ts"
    path.write_bytes(data)
    stream = AudioStream(path, sample_rate_hz=RATE_HZ)
    samples = np.concatenate(list(stream))
    assert 4.5 < len(samples) / RATE_HZ < 6.5
    assert stream.warnings
