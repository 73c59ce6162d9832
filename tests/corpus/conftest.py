"""Small made-up music that the tests of a corpus share."""

import numpy as np
import pytest
import soundfile

RATE = 16_000


def tune(seconds, seed):
    """Chords that change twice a second, each with its stroke; another seed, another tune."""
    random = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE)) / RATE
    chords = random.integers(48, 84, (int(seconds * 2) + 1, 3))
    hz = (440 * 2 ** ((chords - 69) / 12))[(at * 2).astype(int)]
    strokes = 0.4 + 0.6 * np.exp(-3 * (at % 0.5))
    return 0.5 * strokes * np.sin(2 * np.pi * hz.T * at).mean(axis=0)


def compilation(path, seeds, seconds=12, pause_s=1.3):
    """A file of tunes, one for each seed, with silence between them."""
    parts = []
    for seed in seeds:
        parts += [tune(seconds, seed), np.zeros(round(pause_s * RATE))]
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.concatenate(parts[:-1]), RATE)
    return path


@pytest.fixture(scope="session")
def recordings(tmp_path_factory):
    """Three recordings of two emotions and one that cannot be read; tune 1 is on both sides."""
    root = tmp_path_factory.mktemp("recordings")
    compilation(root / "happy" / "mix.flac", (1, 2))
    compilation(root / "sad" / "mix.wav", (3, 1))
    compilation(root / "sad" / "Rain (Official Video).wav", (4,))
    (root / "sad" / "broken.mp3").write_bytes(b"no music at all")
    return root
