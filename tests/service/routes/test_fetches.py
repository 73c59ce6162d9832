"""Folders of the machine and web addresses, brought in by jobs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient
from service_calls import LOOPBACK, write_song

from moodprint.service.app import make_app
from moodprint.service.jobs.fetch import WEB, FetchJobs
from moodprint.service.jobs.queue import FETCH
from moodprint.service.settings import ServiceSettings
from moodprint.service.store.tables import State
from moodprint.service.supervisor import WorkerProcess


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``campaign`` with two songs, one of them deeper, and what is to be passed over."""
    root = tmp_path_factory.mktemp("root")
    campaign = root / "campaign"
    (campaign / "deep").mkdir(parents=True)
    write_song(campaign / "one.wav", seed=1, seconds=6)
    write_song(campaign / "deep" / "two.wav", seed=2, seconds=6)
    (campaign / "again.wav").write_bytes((campaign / "one.wav").read_bytes())
    (campaign / "empty.mp3").touch()
    (campaign / "notes.txt").write_text("no media")
    with (campaign / "large.wav").open("wb") as file:
        file.truncate(4_000_000)
    secret = tmp_path_factory.mktemp("secret")
    write_song(secret / "secret.wav", seed=3, seconds=6)
    (campaign / "out.wav").symlink_to(secret / "secret.wav")
    (root / "outside").symlink_to(secret)
    (campaign / "zero.wav").symlink_to("/dev/zero")
    return root


@pytest.fixture(scope="module")
def rooted(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over the root, with its worker."""
    settings = ServiceSettings(
        root=(root,), data=tmp_path_factory.mktemp("data"), workers=1, most_megabytes=3
    )
    with TestClient(make_app(settings), base_url=LOOPBACK) as client:
        worker = WorkerProcess(settings)
        yield client
        worker.close()


def _collection(client: TestClient) -> str:
    return str(client.post("/api/collections", json={"name": "a campaign"}).json()["id"])


def _ended(client: TestClient, fetch_id: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while True:
        found: dict[str, Any] = client.get(f"/api/fetches/{fetch_id}").json()
        if found["state"] not in ("queued", "running"):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.1)


def test_a_folder_becomes_analyses_and_what_cannot_be_is_named(rooted: TestClient) -> None:
    collection = _collection(rooted)
    asked = {"collection": collection, "path": "campaign"}
    made = rooted.post("/api/fetches", json=asked)
    assert made.status_code == 201, made.text
    found = _ended(rooted, made.json()["id"])
    assert found["state"] == "done"
    assert (found["found"], found["taken"]) == (7, 3)
    assert {each.partition(":")[0] for each in found["refused"]} == {
        "empty.mp3", "large.wav", "out.wav", "zero.wav",
    }  # fmt: skip
    names = {
        each["name"]
        for each in rooted.get("/api/analyses", params={"collection": collection}).json()["items"]
    }
    assert names in ({"again.wav", "deep/two.wav"}, {"one.wav", "deep/two.wav"}), "a content once"
    assert rooted.get("/api/fetches", params={"collection": collection}).json() == [found]


def test_asked_again_it_finds_the_same(rooted: TestClient) -> None:
    collection = _collection(rooted)
    asked = {"collection": collection, "path": "campaign/deep"}
    for _ in range(2):
        found = _ended(rooted, rooted.post("/api/fetches", json=asked).json()["id"])
        assert (found["state"], found["taken"], found["refused"]) == ("done", 1, None)
    page = rooted.get("/api/analyses", params={"collection": collection}).json()
    assert page["total"] == 1


def test_a_single_file_will_do(rooted: TestClient) -> None:
    asked = {"collection": _collection(rooted), "path": "campaign/one.wav"}
    found = _ended(rooted, rooted.post("/api/fetches", json=asked).json()["id"])
    assert (found["found"], found["taken"]) == (1, 1)


@pytest.mark.parametrize(
    "path",
    ["missing", "..", "../", "/etc", "/", "outside", "campaign/../..", "campaign/out.wav", "/dev",
     "a\0", "/proc/self", "campaign/zero.wav", "~", "x" * 4000],
)  # fmt: skip
def test_other_places_are_all_answered_alike(rooted: TestClient, path: str) -> None:
    asked = {"collection": _collection(rooted), "path": path}
    response = rooted.post("/api/fetches", json=asked)
    assert (response.status_code, response.json()["code"]) == (404, "no-such-file")
    assert path not in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{}, {"path": "campaign"}, {"collection": 1, "path": "campaign"}, [], {"collection": "files"},
     {"collection": "files", "path": "campaign", "address": "https://example.org"},
     {"collection": "files", "path": "x" * 5000}],
)  # fmt: skip
def test_other_bodies_are_refused(rooted: TestClient, body: object) -> None:
    assert rooted.post("/api/fetches", json=body).status_code == 422


def test_nothing_is_found_of_what_is_not_there(rooted: TestClient) -> None:
    for method, path in (("GET", ""), ("POST", "/cancel")):
        response = rooted.request(method, f"/api/fetches/nothing{path}")
        assert (response.status_code, response.json()["code"]) == (404, "no-such-fetch")
    for call in (
        rooted.post("/api/fetches", json={"collection": "nothing", "path": "campaign"}),
        rooted.get("/api/fetches", params={"collection": "nothing"}),
    ):
        assert (call.status_code, call.json()["code"]) == (404, "no-such-collection")


def test_web_addresses_are_refused_unless_allowed(rooted: TestClient) -> None:
    asked = {"collection": _collection(rooted), "address": "https://example.org/a.mp3"}
    response = rooted.post("/api/fetches", json=asked)
    assert (response.status_code, response.json()["code"]) == (403, "no-web")


@pytest.fixture(scope="module")
def webbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that fetches addresses, without a worker."""
    settings = ServiceSettings(data=tmp_path_factory.mktemp("data"), workers=1, allow_web=True)
    with TestClient(make_app(settings), base_url=LOOPBACK) as client:
        yield client


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://host/a", "song", "http://a:b@host/", "http://["]
)
def test_what_is_no_web_address_is_refused(webbed: TestClient, address: str) -> None:
    asked = {"collection": _collection(webbed), "address": address}
    response = webbed.post("/api/fetches", json=asked)
    assert (response.status_code, response.json()["code"]) == (422, "bad-address")


def test_this_machine_is_not_fetched_from(webbed: TestClient) -> None:
    pytest.importorskip("yt_dlp")
    context = webbed.app.state.context
    collection = _collection(webbed)
    asked = {"collection": collection, "address": f"{LOOPBACK}/api/collections"}
    made = webbed.post("/api/fetches", json=asked).json()
    assert context.queue.state(FETCH, made["id"]) == "ENQUEUED"
    FetchJobs(context.fetches, context.intake)(made["id"])
    found = webbed.get(f"/api/fetches/{made['id']}").json()
    assert (found["state"], found["error_code"]) == ("failed", "not-fetched")
    assert not list((context.settings.data / "incoming").iterdir())


def test_a_cancelled_fetch_takes_nothing_in(webbed: TestClient) -> None:
    context = webbed.app.state.context
    row = context.fetches.add(_collection(webbed), WEB, "https://example.org/a.mp3")
    assert webbed.post(f"/api/fetches/{row.id}/cancel").json()["state"] == "cancelled"
    FetchJobs(context.fetches, context.intake)(row.id)
    assert context.fetches.get(row.id).state == State.CANCELLED


def test_a_fetch_that_is_cancelled_while_it_runs_ends(webbed: TestClient, tmp_path: Path) -> None:
    """A server that never comes to an end; it is given up once nobody waits."""
    pytest.importorskip("yt_dlp")
    context = webbed.app.state.context
    with endless_server() as address:
        row = context.fetches.add(_collection(webbed), WEB, address)
        job = Thread(target=FetchJobs(context.fetches, context.intake, any_loopback), args=[row.id])
        job.start()
        time.sleep(3)
        assert job.is_alive()
        webbed.post(f"/api/fetches/{row.id}/cancel")
        job.join(timeout=30)
        assert not job.is_alive()
    assert context.fetches.get(row.id).state == State.CANCELLED
    assert not list((context.settings.data / "incoming").iterdir())


def any_loopback(host: str) -> bool:
    """The tests' server, in the place of the public internet."""
    return host == "127.0.0.1"


@contextmanager
def endless_server() -> Iterator[str]:
    """The address of a recording that goes on and on, slowly."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "audio/mpeg")
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b"\0" * 2_000)
                    time.sleep(0.05)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/endless.mp3"
    finally:
        server.shutdown()
        server.server_close()


def test_a_job_that_was_cut_off_is_done_again(
    rooted: TestClient, root: Path, tmp_path: Path
) -> None:
    """As after a crash between two files: the second time what is missing is taken in."""
    settings = ServiceSettings(root=(root,), data=tmp_path, workers=1, most_megabytes=3)
    with TestClient(make_app(settings), base_url=LOOPBACK) as client:
        context = client.app.state.context
        row = context.fetches.add(_collection(client), "folder", "campaign")
        for _ in range(2):
            assert context.fetches.begin(row.id) is not None
            context.fetches.report(row.id, 7, 1, [])
        FetchJobs(context.fetches, context.intake)(row.id)
        found = context.fetches.get(row.id)
        assert (found.state, found.taken) == (State.DONE, 3)
        assert context.catalogue.counts(row.collection_id) == {"queued": 2}


def test_a_folder_is_brought_in_on_the_page(rooted: TestClient) -> None:
    collection = _collection(rooted)
    page = rooted.get(f"/collections/{collection}").text
    assert 'name="source"' in page
    form = f"/collections/{collection}/fetches"
    shown = rooted.post(form, data={"source": " campaign "}).text
    assert "campaign" in shown
    [made] = rooted.get("/api/fetches", params={"collection": collection}).json()
    assert _ended(rooted, made["id"])["taken"] == 3
    part = rooted.get(f"/collections/{collection}/parts/fetches").text
    assert "3 of 7 files brought in" in part
    assert "4 passed over" in part
    assert "every" not in part, "nothing is asked for again when all has ended"


@pytest.mark.parametrize(
    ("source", "said"),
    [("<b>no", "No such file or folder"), ("https://example.org/a.mp3", "not fetched here"),
     ("https://" + "x" * 3000, "too long")],
)  # fmt: skip
def test_what_is_wrong_is_said_on_the_page(rooted: TestClient, source: str, said: str) -> None:
    shown = rooted.post(f"/collections/{_collection(rooted)}/fetches", data={"source": source})
    assert shown.status_code == 200
    assert said in shown.text


def test_a_service_without_roots_and_addresses_offers_neither(client: TestClient) -> None:
    made = client.post("/api/collections", json={"name": "x"}).json()["id"]
    assert ('name="source"' in client.get(f"/collections/{made}").text) is bool(
        client.app.state.context.settings.root
    )
