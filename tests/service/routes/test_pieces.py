"""Music made by the service: asked for, made by a job, kept in a collection, deleted."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import soundfile
from fastapi.testclient import TestClient
from service_calls import ended

from moodprint.service.jobs.pieces import PieceJobs
from moodprint.service.jobs.queue import MAKE


def _ended(service: TestClient, piece_id: str) -> dict[str, Any]:
    end = time.monotonic() + 90
    while True:
        found: dict[str, Any] = service.get(f"/api/pieces/{piece_id}").json()
        if found["state"] not in ("queued", "running"):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.1)


def _made(service: TestClient, **wish: Any) -> dict[str, Any]:
    response = service.post("/api/pieces", json={"seconds": 2, "tries": 1, **wish})
    assert response.status_code == 201, response.text
    return _ended(service, response.json()["id"])


@pytest.fixture(scope="module")
def piece(service: TestClient) -> dict[str, Any]:
    found = _made(service, prompt="slow sad cello, 60 bpm")
    assert found["state"] == "done", found
    return found


def test_a_piece_is_what_was_asked_for(service: TestClient, piece: dict[str, Any]) -> None:
    assert piece["description"]["emotion"] == "sad"
    assert piece["description"]["tempo_bpm"] == 60
    assert "asked: cello" in piece["understood"]
    assert piece in service.get("/api/pieces").json()
    media = service.get(f"/api/pieces/{piece['id']}/media")
    assert media.headers["content-type"] == "audio/flac"
    assert len(media.content) == piece["size_bytes"]
    sound, rate = soundfile.read(io.BytesIO(media.content))
    assert (len(sound) / rate, sound.shape[1]) == (2, 2)
    part = service.get(f"/api/pieces/{piece['id']}/media", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"fLaC")


def test_the_same_wish_makes_the_same_music(service: TestClient, piece: dict[str, Any]) -> None:
    again = _made(service, prompt="slow sad cello, 60 bpm")
    first, second = (
        service.get(f"/api/pieces/{each['id']}/media").content for each in (piece, again)
    )
    assert first == second
    assert service.delete(f"/api/pieces/{again['id']}").status_code == 204
    assert service.get(f"/api/pieces/{piece['id']}/media").status_code == 200, "another has it too"


def test_a_kept_piece_is_a_labelled_file(
    service: TestClient, piece: dict[str, Any], collection: str
) -> None:
    address = f"/api/pieces/{piece['id']}/keep"
    analyses = [service.post(address, json={"collection": collection}).json() for _ in range(2)]
    assert analyses[0]["id"] == analyses[1]["id"], "kept once"
    assert ended(service, analyses[0]["id"])["state"] == "done"
    archive = zipfile.ZipFile(
        io.BytesIO(service.get(f"/api/collections/{collection}/labels.zip").content)
    )
    rows = archive.read("labels.csv").decode().splitlines()
    assert len(rows) == 2
    assert ",sad," in rows[1] or rows[1].endswith(",sad")


def test_a_deleted_piece_is_gone(service: TestClient) -> None:
    made = _made(service, emotion="happy", seed=5)
    content = service.app.state.context.pieces.get(made["id"]).content
    address = f"/api/pieces/{made['id']}"
    assert service.delete(address).status_code == 204
    assert not service.app.state.context.media.path(content).exists()
    for method, path in (("GET", ""), ("GET", "/media"), ("POST", "/cancel"), ("DELETE", "")):
        response = service.request(method, address + path)
        assert (response.status_code, response.json()["code"]) == (404, "no-such-piece")
    kept = service.post(f"{address}/keep", json={"collection": "files"})
    assert (kept.status_code, kept.json()["code"]) == (404, "no-such-piece")


@pytest.mark.parametrize(
    "wish",
    [{}, {"prompt": ""}, {"prompt": "?"}, {"prompt": "x" * 5000}, {"emotion": "joy"}, [],
     {"emotion": "sad", "seconds": 0}, {"emotion": "sad", "seconds": 1e9},
     {"emotion": "sad", "seconds": "NaN"}, {"emotion": "sad", "seed": -1},
     {"emotion": "sad", "engine": "none"}, {"emotion": "sad", "tries": 1000},
     {"emotion": "sad", "negative": "drums"}],
)  # fmt: skip
def test_wishes_that_cannot_be_met_are_refused(service: TestClient, wish: object) -> None:
    assert service.post("/api/pieces", json=wish).status_code == 422


def test_a_piece_whose_prompt_names_no_mood_says_so(service: TestClient) -> None:
    found = _made(service, prompt="zorblax")
    assert (found["state"], found["error_code"]) == ("failed", "not-made")
    assert "no mood is known" in found["error"]
    assert service.get(f"/api/pieces/{found['id']}/media").json()["code"] == "no-answer"


def test_a_cancelled_piece_is_not_made(service: TestClient) -> None:
    context = service.app.state.context
    row = context.pieces.add({"emotion": "sad", "seconds": 2.0, "tries": 1})
    assert service.post(f"/api/pieces/{row.id}/cancel").json()["state"] == "cancelled"
    PieceJobs(context.pieces, context.intake)(row.id)
    assert context.pieces.get(row.id).content is None
    assert context.queue.state(MAKE, row.id) is None


def test_what_was_asked_for_and_never_queued_is_made_all_the_same(service: TestClient) -> None:
    """As after a server that was killed in between."""
    context = service.app.state.context
    row = context.pieces.add({"emotion": "calm", "seconds": 2.0, "tries": 1})
    assert _ended(service, row.id)["state"] == "done"
    assert not list((Path(context.settings.data) / "incoming").iterdir())


def test_pieces_are_made_on_the_page(service: TestClient, piece: dict[str, Any]) -> None:
    assert f"piece-{piece['id']}" in service.get("/music").text
    shown = service.post("/music/pieces", data={"prompt": "<b>sad</b>", "seconds": "2"})
    assert "&lt;b&gt;sad&lt;/b&gt; (composer, seed 1)" in shown.text
    part = service.get(f"/music/pieces/{piece['id']}")
    assert "60 beats a minute" in part.text
    assert "every" not in part.text, "nothing is asked for again when it has ended"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({}, "Give a prompt or a mood"), ({"prompt": "?"}, "holds no word"),
     ({"emotion": "sad", "seconds": "x"}, "seconds"), ({"emotion": "joy"}, "emotion"),
     ({"prompt": "x" * 2000}, "prompt"), ({"emotion": "sad", "negative": "drums"}, "composer")],
)  # fmt: skip
def test_what_is_wrong_is_said_in_its_place(
    service: TestClient, fields: dict[str, str], said: str
) -> None:
    response = service.post("/music/pieces", data=fields)
    assert response.status_code == 200
    assert response.headers["hx-retarget"] == "#problem"
    assert said in response.text
