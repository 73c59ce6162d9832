"""Events as they come over a real connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient
from service_calls import Upload, write_song


@pytest.fixture
def address(service: TestClient) -> Iterator[str]:
    """The same service over the network: the test client knows no streams without an end."""
    config = uvicorn.Config(service.app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        pass
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join()


def test_an_analysis_is_followed_to_its_end(
    address: str, upload: Upload, tmp_path: Path, collection: str
) -> None:
    import urllib.request

    write_song(tmp_path / "a.wav", seed=9)
    states = []
    with urllib.request.urlopen(f"{address}/api/events?collection={collection}") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        made = upload(tmp_path / "a.wav", collection=collection)
        kind = ""
        for line in stream:
            field, _, value = line.decode().strip().partition(": ")
            if field == "event":
                kind = value
            elif field == "data" and kind == "analysis":
                fields = json.loads(value)
                assert fields["id"] == made["id"]
                states.append(fields["state"])
                if fields["state"] == "done":
                    break
    assert states[-1] == "done"
    assert states == sorted(states, key=["queued", "running", "done"].index)
