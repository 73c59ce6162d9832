"""Frames of every format and number of channels come out as the same float32 [C, n]."""

from __future__ import annotations

import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from media_files import Kind, tones, write_media

from moodprint.audio.decode import decode
from moodprint.audio.frames import DecodedFrames, UniformFrames

FORMATS = ("u8", "u8p", "s16", "s16p", "s32", "s32p", "s64", "s64p", "flt", "fltp", "dbl", "dblp")


def frame(samples: np.ndarray, form: str = "fltp", rate_hz: int = 48_000, layout: str = ""):
    """A frame of samples [C, n], brought to the format by FFmpeg from packed floats."""
    layout = layout or f"{len(samples)}C"
    made = av.AudioFrame(format="flt", layout=layout, samples=samples.shape[1])
    made.planes[0].update(_filled(samples.T.astype(np.float32).tobytes(), made.planes[0]))
    made.sample_rate, made.time_base = rate_hz, Fraction(1, rate_hz)
    if form == "flt":
        return made
    (changed,) = av.AudioResampler(format=form, layout=made.layout, rate=rate_hz).resample(made)
    return changed


def _filled(data: bytes, plane) -> bytes:
    return data + bytes(plane.buffer_size - len(data))


def collected(uniform: UniformFrames, *frames) -> np.ndarray:
    pieces = [piece for each in frames for piece in uniform.push(each)]
    return np.concatenate([*pieces, *uniform.finish()], axis=1)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("channels", [1, 2, 3, 6, 7, 8, 9, 16, 31, 64])
def test_every_channel_of_every_format_arrives_in_its_place(channels: int, form: str) -> None:
    samples = tones(0.02, 48_000, channels) * np.linspace(0.2, 1, channels)[:, None]
    uniform = UniformFrames(48_000, av.AudioLayout(f"{channels}C"))
    found = collected(uniform, frame(samples, form))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, samples, atol=0.01 if form.startswith("u8") else 1e-4)


@pytest.mark.parametrize("layout", ["mono", "5.1", "7.1"])
def test_channels_that_change_midway_are_mixed_to_the_first_ones(layout: str) -> None:
    tone = tones(0.1, 48_000, 1)
    count = av.AudioLayout(layout).nb_channels
    before = frame(np.repeat(tone, 2, axis=0), layout="stereo")
    after = frame(np.repeat(tone, count, axis=0), layout=layout)
    found = collected(UniformFrames(48_000, before.layout), before, after, before)
    assert found.shape == (2, 3 * tone.shape[1])
    middle = found[:, tone.shape[1] : 2 * tone.shape[1]]
    assert np.corrcoef(middle[0], tone[0])[0, 1] > 0.99


def test_channels_that_nobody_can_place_give_their_mean_to_all() -> None:
    known = frame(np.zeros((2, 480), np.float32), layout="stereo")
    samples = tones(0.01, 48_000, 13)
    found = collected(UniformFrames(48_000, known.layout), known, frame(samples))
    np.testing.assert_allclose(found[:, 480:], np.stack([samples.mean(axis=0)] * 2), atol=1e-6)


def test_a_rate_that_changes_midway_is_brought_to_the_first_one() -> None:
    slow, fast = tones(0.5, 32_000, 1), tones(0.5, 48_000, 1)
    uniform = UniformFrames(48_000, av.AudioLayout("mono"))
    found = collected(
        uniform, frame(fast, layout="mono"), frame(slow, rate_hz=32_000, layout="mono")
    )
    assert found.shape[1] == pytest.approx(48_000, abs=64)
    inner = slice(24_500, 47_000)
    np.testing.assert_allclose(found[0, inner], fast[0][500:23_000], atol=0.02)


@pytest.mark.parametrize(
    "kind",
    [
        Kind(".m4a", "aac", channels=8),
        Kind(".mkv", "flac", channels=8, lossless=True),
        Kind(".wav", "pcm_s16le", channels=17, lossless=True),
        Kind(".caf", "pcm_s16be", channels=24, lossless=True),
        Kind(".wav", "pcm_f32le", channels=64, lossless=True),
    ],
    ids=lambda kind: kind.name,
)
def test_files_of_many_channels_are_decoded(tmp_path: Path, kind: Kind) -> None:
    samples = tones(0.5, kind.rate_hz, kind.channels)
    clip = decode(write_media(tmp_path / f"many{kind.suffix}", kind, samples))
    assert clip.samples.shape[0] == kind.channels
    if kind.lossless:
        np.testing.assert_allclose(clip.samples, samples, atol=1e-3)


def _caf_with_labels(path: Path, labels: list[int], subtype: str) -> np.ndarray:
    """A CAF whose ``chan`` chunk says for each channel by a label of Core Audio what it is."""
    samples = tones(0.5, 48_000, len(labels))
    soundfile.write(path, samples.T, 48_000, format="CAF", subtype=subtype)
    data = path.read_bytes()
    body = struct.pack(">LLL", 0, 0, len(labels))
    body += b"".join(struct.pack(">LLfff", label, 0, 0, 0, 0) for label in labels)
    behind_desc = 8 + 12 + 32
    chunk = b"chan" + struct.pack(">q", len(body)) + body
    path.write_bytes(data[:behind_desc] + chunk + data[behind_desc:])
    return samples


_READ = """
import sys
import numpy as np
from pathlib import Path
from moodprint.audio.read_pyav import PyAVReader
for _ in range(3):
    reader = PyAVReader(Path(sys.argv[1]))
    blocks = list(reader.blocks(0.1, 0.0, print))
    reader.close()
np.save(sys.argv[2], np.concatenate(blocks, axis=1))
"""


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "ALAW"])
@pytest.mark.parametrize(
    "labels",
    [[2, 1], [3, 1, 2], [4, 3, 2, 1], [5, 6, 1, 2, 3, 4], [1, 2, 3, 4, 10, 11, 5, 6]],
    ids=len,
)
def test_channels_in_an_order_of_their_own_end_no_process(
    tmp_path: Path, labels: list[int], subtype: str
) -> None:
    samples = _caf_with_labels(tmp_path / "order.caf", labels, subtype)
    words = [sys.executable, "-c", _READ, str(tmp_path / "order.caf"), str(tmp_path / "read.npy")]
    subprocess.run(words, check=True, timeout=60)
    found = np.load(tmp_path / "read.npy")
    np.testing.assert_allclose(found, samples, atol=0.02 if subtype == "ALAW" else 1e-3)


def test_streams_that_pyav_lost_count_of_are_the_end_and_no_crash() -> None:
    class Container:
        format = type("Format", (), {"name": "mpegts"})

        def demux(self, _: object):
            raise IndexError("list index out of range")
            yield

    assert list(DecodedFrames(Container(), None)) == []
