"""Media files under test, made once a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from media_files import KINDS, tones, write_media

from moodprint.clip import FloatArray


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """``media("mp3")``: 4 s of tones of that kind, made once."""
    folder = tmp_path_factory.mktemp("media")

    def make(name: str, seconds: float = 4.0) -> Path:
        kind = KINDS[name]
        path = folder / f"{name}-{seconds:g}{kind.suffix}"
        if not path.exists():
            write_media(path, kind, tones(seconds, kind.rate_hz, kind.channels))
        return path

    return make


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """``wav(samples, rate_hz)``: a 32-bit float wav of samples [C, n] or [n]."""

    def make(samples: FloatArray, rate_hz: int = 16_000, name: str = "made.wav") -> Path:
        path = tmp_path / name
        soundfile.write(path, np.atleast_2d(samples).T, rate_hz, "FLOAT", format="WAV")
        return path

    return make
