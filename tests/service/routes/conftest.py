"""A service with its worker, called without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import postgres
import pytest
import soundfile
from fastapi.testclient import TestClient
from service_calls import LOOPBACK, Upload, write_song

from moodprint.service.app import make_app
from moodprint.service.settings import ServiceSettings
from moodprint.service.supervisor import WorkerProcess


@pytest.fixture(scope="package")
def postgresql() -> Iterator[str]:
    """The address of a database of its own."""
    binaries = postgres.programs()
    if binaries is None:
        pytest.skip("no PostgreSQL here: scripts/install-system brings it")
    with postgres.running(binaries) as address:
        yield address


@pytest.fixture(
    scope="package", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)]
)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """Calls; a worker does the jobs."""
    data = tmp_path_factory.mktemp("data")
    settings = ServiceSettings(
        data=data,
        database=request.getfixturevalue("postgresql") if request.param == "postgresql" else None,
        workers=1,
        most_megabytes=3,
        quota_gigabytes=0.02,
    )
    with TestClient(make_app(settings), base_url=LOOPBACK) as client:
        worker = WorkerProcess(settings)
        yield client
        worker.close()


@pytest.fixture(scope="package")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``song.wav``, chords of 12 s; ``noise.wav``; ``text.mp3``, which is none."""
    folder = tmp_path_factory.mktemp("sounds")
    write_song(folder / "song.wav", seed=1)
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, 6 * 16_000)
    soundfile.write(folder / "noise.wav", noise, 16_000)
    (folder / "text.mp3").write_text("no sound at all")
    return folder


@pytest.fixture
def upload(service: TestClient) -> Upload:
    """Uploads a file, and gives back its analysis."""

    def call(path: Path, filename: str | None = None, **form: str) -> dict[str, Any]:
        files = {"file": (filename or path.name, path.read_bytes())}
        response = service.post("/api/analyses", files=files, data=form)
        assert response.status_code == 201, response.text
        return response.json()

    return call


@pytest.fixture
def collection(service: TestClient) -> Iterator[str]:
    """The id of an empty collection, removed afterwards."""
    made = service.post("/api/collections", json={"name": "a campaign"}).json()["id"]
    yield made
    service.delete(f"/api/collections/{made}")
