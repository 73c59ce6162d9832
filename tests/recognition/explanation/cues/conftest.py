"""Sounds at 16 kHz whose cues are known because they were made so."""

import numpy as np
import pytest

from moodprint.recognition.explanation.cues.listener import recorded

RATE = 16_000


def hz_of(midi):
    return 440.0 * 2 ** ((midi - 69) / 12)


def tones(pitches_midi, seconds, harmonics=6, gain=0.1):
    """Tones together [N], each with harmonics that fall off as 1 / h."""
    time = np.arange(round(seconds * RATE)) / RATE
    waves = (
        gain / h * np.sin(2 * np.pi * h * hz_of(midi) * time)
        for midi in pitches_midi
        for h in range(1, harmonics + 1)
    )
    return sum(waves).astype(np.float32)


def clicks(bpm, seconds, gain=0.5):
    """A short burst of noise on each beat, the first at 0.1 s [N]."""
    rng = np.random.default_rng(3)
    sound = np.zeros(round(seconds * RATE), np.float32)
    burst = gain * rng.normal(size=800) * np.exp(-np.arange(800) / 100)
    for start_s in np.arange(0.1, seconds - 0.1, 60 / bpm):
        first = round(start_s * RATE)
        sound[first : first + 800] += burst
    return np.clip(sound, -1, 1)


@pytest.fixture(scope="session")
def record():
    return recorded


@pytest.fixture(scope="session")
def film(noise):
    """10 s of a soft, low A minor, then 10 s of a loud, high C major at 120 bpm."""
    quiet = tones([45, 57, 60, 64], 10.0) * 0.1
    loud = tones([72, 76, 79, 84], 10.0) + clicks(120, 10.0)
    return recorded(np.concatenate([quiet, loud.astype(np.float32)]))


@pytest.fixture(scope="session")
def make_tones():
    return tones


@pytest.fixture(scope="session")
def make_clicks():
    return clicks


@pytest.fixture(scope="session")
def tone():
    """Makes a sine [N]: its pitch in Hz, length in s and amplitude."""

    def make(hz, seconds=2.0, gain=0.5):
        time = np.arange(round(seconds * RATE)) / RATE
        return (gain * np.sin(2 * np.pi * hz * time)).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def noise():
    return (0.1 * np.random.default_rng(1).normal(size=10 * RATE)).astype(np.float32)
