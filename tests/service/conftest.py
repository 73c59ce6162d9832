"""A service over a folder of songs, called without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fastapi.testclient import TestClient

from moodprint.service.app import make_app
from moodprint.service.settings import ServiceSettings

LOOPBACK = "http://127.0.0.1:8000"


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``music`` is served; ``secret.wav`` beside it is not."""
    folder = tmp_path_factory.mktemp("service")
    music = folder / "music"
    music.mkdir()
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, 6 * 16_000)
    soundfile.write(music / "a.wav", noise, 16_000)
    soundfile.write(folder / "secret.wav", noise, 16_000)
    (music / "text.mp3").write_text("no sound at all")
    (music / "empty.wav").touch()
    (music / "out.wav").symlink_to(folder / "secret.wav")
    (music / "circle.wav").symlink_to(music / "circle.wav")
    (music / "null.wav").symlink_to("/dev/zero")
    with (music / "large.wav").open("wb") as file:
        file.truncate(3_000_000)
    return folder


@pytest.fixture(scope="package")
def client(folder: Path) -> Iterator[TestClient]:
    """Calls; its worker ends with the tests."""
    settings = ServiceSettings(
        root=(folder / "music",), workers=1, most_megabytes=2, data=folder / "data"
    )
    with TestClient(make_app(settings), base_url=LOOPBACK) as client:
        yield client
