import numpy as np
import pytest
import soundfile

RATE = 22_050


@pytest.fixture(scope="session")
def music():
    """Four seconds with chords, beats and noise, so that no descriptor is at rest: [N]."""
    rng = np.random.default_rng(7)
    time = np.arange(4 * RATE) / RATE
    chords = [(220, 277, 330), (196, 247, 294)]
    sound = sum(
        np.sin(2 * np.pi * hz * time) * ((time % 2 < 1) == (n == 0))
        for n, chord in enumerate(chords)
        for hz in chord
    )
    beats = np.exp(-30 * (time % 0.5)) * rng.normal(size=len(time))
    mixed = 0.15 * sound + 0.4 * beats + 0.01 * rng.normal(size=len(time))
    return np.clip(mixed, -1, 1).astype(np.float32)


@pytest.fixture
def tone():
    """Makes a sine [N]: its pitch in Hz, its length in s."""

    def make(hz, seconds=1.0, gain=0.5):
        return (gain * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)).astype(
            np.float32
        )

    return make


@pytest.fixture
def sound_file(tmp_path):
    """Writes samples [N] as a wav file at 22,050 Hz and gives its path."""

    def write(name, samples):
        path = tmp_path / name
        soundfile.write(path, samples, RATE)
        return path

    return write
