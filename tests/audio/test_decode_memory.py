"""Reading takes memory that does not grow with the length."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from media_files import KINDS, Kind, write_media

from moodprint.audio.decode import AudioStream
from moodprint.clip import FloatArray


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


def test_a_block_of_very_many_channels_is_short(tmp_path: Path) -> None:
    samples = np.tile(_noise(1, 3_200).T[:192_000], (2, 64))
    soundfile.write(tmp_path / "many.wav", samples, 192_000)
    shapes = [block.shape for block in AudioStream(tmp_path / "many.wav", mono=False)]
    assert sum(length for _, length in shapes) == len(samples)
    assert max(channels * length for channels, length in shapes) <= 16_000_000


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
