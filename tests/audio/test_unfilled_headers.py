"""Files whose recorder crashed before it filled in their lengths are read to the end."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from media_files import tones

from moodprint.audio.decode import AudioStream
from moodprint.audio.unfilled_headers import header_patches

RATE_HZ = 16_000
SAMPLES = tones(1.0, RATE_HZ, 2)


def _write(path: Path, form: str, subtype: str, endian: str = "FILE") -> bytearray:
    soundfile.write(path, SAMPLES.T, RATE_HZ, format=form, subtype=subtype, endian=endian)
    return bytearray(path.read_bytes())


def _zero(data: bytearray, chunk: bytes, width: int = 4) -> None:
    at = data.find(chunk) + len(chunk)
    data[at : at + width] = bytes(width)


_WAVE64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")


def _unfinished(path: Path, form: str, subtype: str) -> None:
    data = _write(path, form, subtype)
    if form in ("WAV", "WAVEX"):
        struct.pack_into("<I", data, 4, 0)
        _zero(data, b"data")
    elif form == "RF64":
        _zero(data, b"ds64", 20)
        struct.pack_into("<I", data, data.find(b"ds64") + 4, 28)
    elif form == "W64":
        struct.pack_into("<Q", data, 16, 0)
        _zero(data, _WAVE64_DATA, 8)
    elif form == "AIFF":
        struct.pack_into(">I", data, 4, 0)
        _zero(data, b"SSND")
        at = data.find(b"COMM")
        struct.pack_into(">I", data, at + 10, 0)
    elif form == "AU":
        struct.pack_into(">I", data, 8, 0)
    elif form == "CAF":
        _zero(data, b"data", 8)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("WAV", "PCM_24"),
        ("WAVEX", "FLOAT"),
        ("RF64", "PCM_16"),
        ("RF64", "FLOAT"),
        ("W64", "PCM_16"),
        ("W64", "PCM_24"),
        ("AIFF", "PCM_16"),
        ("AU", "PCM_16"),
        ("CAF", "PCM_16"),
    ],
)
def test_the_sound_is_read_to_the_end_with_a_warning(tmp_path, form, subtype) -> None:
    path = tmp_path / f"crashed.{form.lower()}"
    _unfinished(path, form, subtype)
    stream = AudioStream(path, mono=False)
    found = np.concatenate(list(stream), axis=1)
    np.testing.assert_allclose(found, SAMPLES, atol=1e-3)
    assert stream.warnings == ["its header was never finished: it was read to the end"]


@pytest.mark.parametrize("form", ["WAV", "RF64", "W64", "AIFF", "AU", "CAF", "FLAC", "OGG"])
def test_a_finished_header_is_left_alone(tmp_path, form: str) -> None:
    path = tmp_path / "whole"
    soundfile.write(path, SAMPLES.T, RATE_HZ, format=form)
    assert header_patches(path) == {}


def test_a_file_that_truly_holds_nothing_is_left_alone(tmp_path) -> None:
    path = tmp_path / "empty.wav"
    soundfile.write(path, SAMPLES.T[:0], RATE_HZ)
    assert header_patches(path) == {}


@pytest.mark.parametrize("kept", [4, 12, 20, 40])
@pytest.mark.parametrize("form", ["WAV", "RF64", "W64", "AIFF", "AU", "CAF"])
def test_a_header_that_breaks_off_is_no_crash(tmp_path, form: str, kept: int) -> None:
    path = tmp_path / "short"
    path.write_bytes(bytes(_write(path, form, "PCM_16")[:kept]))
    assert header_patches(path) == {}


@pytest.mark.parametrize("form", ["RF64", "W64"])
def test_the_largest_number_for_a_length_is_no_length(tmp_path, form: str) -> None:
    path = tmp_path / f"streamed.{form.lower()}"
    data = _write(path, form, "PCM_16")
    at = data.find(b"ds64") + 8 if form == "RF64" else 16
    data[at : at + 8] = b"\xff" * 8
    at = at + 8 if form == "RF64" else data.find(_WAVE64_DATA) + 16
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    samples = np.concatenate(list(AudioStream(path)))
    assert len(samples) == SAMPLES.shape[1]


@pytest.mark.parametrize("count", [0, 1, 100, 2**36 - 1])
def test_a_flac_that_lies_about_its_length_is_no_crash(tmp_path, count: int) -> None:
    path = tmp_path / "lies.flac"
    data = _write(path, "FLAC", "PCM_16")
    number = int.from_bytes(data[18:26], "big") >> 36 << 36 | count
    data[18:26] = number.to_bytes(8, "big")
    path.write_bytes(data)
    stream = AudioStream(path)
    length = sum(map(len, stream))
    assert length == SAMPLES.shape[1] or length <= count


@pytest.mark.parametrize("form", ["W64", "CAF"])
def test_a_chunk_longer_than_any_disk_is_no_crash(tmp_path, form: str) -> None:
    path = tmp_path / f"endless.{form.lower()}"
    data = _write(path, form, "PCM_16")
    at = 40 + 16 if form == "W64" else 8 + 4
    data[at : at + 8] = b"\x7f" + b"\xff" * 6 + b"\x7f"
    path.write_bytes(data)
    assert header_patches(path) == {}
