"""The calls of the service."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from moodprint.emotion import EMOTIONS
from moodprint.recognition.analyzer import Analyzer
from moodprint.service.app import make_app
from moodprint.service.guards import SECURITY_HEADERS
from moodprint.service.settings import ServiceSettings
from moodprint.service.workers import Workers

LOOPBACK = "http://127.0.0.1:8000"


def test_a_named_file_is_answered_as_by_the_library(client: TestClient, folder: Path) -> None:
    response = client.post("/classify", json={"path": "a.wav"})
    assert response.status_code == 200, response.text
    answer = response.json()
    expected = Analyzer().file(folder / "music" / "a.wav").to_dict()
    assert answer == {key: expected[key] for key in answer}
    assert set(answer["probabilities"]) == set(EMOTIONS)
    assert "source" not in answer, "no path of the server"


def test_a_file_is_named_by_its_absolute_path_too(client: TestClient, folder: Path) -> None:
    path = str(folder / "music" / "a.wav")
    assert client.post("/classify", json={"path": path}).status_code == 200


@pytest.mark.parametrize("name", ["a.wav", "../../a.wav", "<b>.wav", "a\u202e.wav"])
def test_an_upload_is_answered_whatever_its_name(
    client: TestClient, folder: Path, name: str
) -> None:
    content = (folder / "music" / "a.wav").read_bytes()
    response = client.post("/classify", files={"file": (name, content)})
    assert response.status_code == 200, response.text
    assert response.json() == client.post("/classify", json={"path": "a.wav"}).json()


@pytest.mark.parametrize(
    "path",
    [
        "missing.wav", "../secret.wav", "out.wav", "circle.wav", "null.wav", "/dev/zero", ".", "",
        "/etc/passwd", "a.wav\0", "/proc/self/environ", "\ud800.wav",
        "../music/../secret.wav", "x" * 4000, "~/a.wav",
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_is_not_served(client: TestClient, path: str) -> None:
    if path == "\ud800.wav":
        response = client.post(
            "/classify",
            content=b'{"path": "\\ud800.wav"}',
            headers={"content-type": "application/json"},
        )
        assert response.status_code in (404, 422)
        return
    response = client.post("/classify", json={"path": path})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "no-such-file"
    assert response.json()["detail"] == "No such file under the folders that are served."


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("text.mp3", 422, "not-media"),
        ("empty.wav", 422, "empty-file"),
        ("large.wav", 413, "too-large"),
    ],
)
def test_bad_files_have_codes_and_no_path(
    client: TestClient, folder: Path, path: str, status: int, code: str
) -> None:
    response = client.post("/classify", json={"path": path})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert str(folder) not in response.text
    content = (folder / "music" / path).read_bytes()
    uploaded = client.post("/classify", files={"file": (path, content)})
    assert (uploaded.status_code, uploaded.json()["code"]) == (status, code)


def test_an_upload_of_unknown_length_is_cut_off(client: TestClient) -> None:
    def chunks():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(50):
            yield bytes(100_000)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    response = client.post("/classify", content=chunks(), headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"path": 1}', "application/json", 422),
        (b'{"path": "' + b"x" * 5000 + b'"}', "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"[" * 50_000, "application/json", 422),
        (b"[" * 70_000, "application/json", 413),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b"", "multipart/form-data", 400),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 422),
    ],
)
def test_other_bodies_are_refused(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    response = client.post("/classify", content=content, headers={"content-type": kind})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1:8000"])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/health", headers={"host": host})
    assert response.status_code == 421


def test_a_page_of_another_site_is_refused(client: TestClient) -> None:
    evil = {"origin": "https://evil.example"}
    assert client.post("/classify", json={"path": "a.wav"}, headers=evil).status_code == 403
    ours = {"origin": "http://localhost:8000"}
    assert client.get("/health", headers=ours).status_code == 200


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    for response in (
        client.get("/health"),
        client.get("/none"),
        client.get("/", headers={"host": "x"}),
    ):
        assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_unknown_addresses_are_problems(client: TestClient) -> None:
    assert client.get("/none").json()["code"] == "not-found"
    assert client.get("/classify").json()["code"] == "method-not-allowed"


def test_the_description_names_both_bodies(client: TestClient) -> None:
    call = client.get("/openapi.json").json()["paths"]["/classify"]["post"]
    assert set(call["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    assert {"404", "413", "422", "503"} <= set(call["responses"])


def test_our_own_failure_is_a_problem_without_a_traceback(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr(Workers, "__call__", fail)
    app = make_app(ServiceSettings(root=(folder / "music",), workers=1, data=tmp_path))
    with TestClient(app, base_url=LOOPBACK, raise_server_exceptions=False) as client:
        response = client.post("/classify", json={"path": "a.wav"})
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "secret" not in response.text
