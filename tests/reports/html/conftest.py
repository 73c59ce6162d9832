"""A tone on disk, and a browser without a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from chromium import chromium

RATE_HZ = 22_050


@pytest.fixture(scope="session")
def tone(tmp_path_factory) -> Path:
    """20 s: a quarter silent, a half loud, a quarter at half that."""
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    gain = np.select([t < 5, t < 15], [0.0, 0.8], 0.4)
    path = tmp_path_factory.mktemp("tone") / "tone.wav"
    soundfile.write(path, gain * np.sin(2 * np.pi * 440 * t), RATE_HZ)
    return path


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium, headless, with no way to any host; it logs every request it makes."""
    profile = tmp_path_factory.mktemp("profile")
    with chromium(profile, "--headless", logs=("browser", "performance")) as driver:
        yield driver
