"""Made-up songs: random notes with overtones over a beat, long enough to be recognised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from moodprint.clip import Clip, FloatArray
from moodprint.fingerprint.peaks import SpectralPeaks, extract_peaks
from moodprint.fingerprint.records import IndexedTrack
from moodprint.fingerprint.segment import IndexSegment, segment_of

RATE_HZ = 16_000


def song(seed: int, duration_s: float = 40.0, rate_hz: int = RATE_HZ) -> FloatArray:
    """Samples [N] of a song that no other seed makes: 5 notes a second, each with 6 overtones."""
    random = np.random.default_rng(seed)
    samples = np.zeros(int((duration_s + 1) * rate_hz))
    for start_s in np.sort(random.uniform(0, duration_s - 0.2, int(5 * duration_s))):
        length = int(random.uniform(0.15, 0.8) * rate_hz)
        time_s = np.arange(length) / rate_hz
        pitch_hz = 110 * 2 ** (random.integers(0, 36) / 12)
        tones = [np.sin(2 * np.pi * pitch_hz * k * time_s) / k for k in range(1, 7)]
        at = int(start_s * rate_hz)
        note = np.sum(tones, axis=0) * np.exp(-time_s * 4) * random.uniform(0.3, 1)
        samples[at : at + length] += note[: len(samples) - at]
    samples = samples[: int(duration_s * rate_hz)] + random.normal(
        0, 1e-3, int(duration_s * rate_hz)
    )
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32)


@pytest.fixture(scope="session")
def make_song() -> Callable[..., FloatArray]:
    return song


@pytest.fixture(scope="session")
def songs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight songs of 40 s as wav files, song_0.wav to song_7.wav."""
    folder = tmp_path_factory.mktemp("songs")
    for seed in range(8):
        soundfile.write(folder / f"song_{seed}.wav", song(seed), RATE_HZ)
    return folder


@pytest.fixture(scope="session")
def sounds(make_song: Callable[..., FloatArray]) -> list[SpectralPeaks]:
    """Four songs of 15 s."""
    return [extract_peaks(Clip(make_song(seed, 15.0), RATE_HZ)) for seed in range(4)]


@pytest.fixture(scope="session")
def segments(sounds: list[SpectralPeaks]) -> list[IndexSegment]:
    """A segment of one track for each of the four."""
    return [
        segment_of(IndexedTrack(f"t{number}", str(number), each.duration_s), each)
        for number, each in enumerate(sounds)
    ]
