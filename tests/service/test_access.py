"""Keys, scopes and rates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from moodprint.errors import OptionError
from moodprint.service.access import Keys, RateLimit, Scope
from moodprint.service.app import make_app
from moodprint.service.settings import ServiceSettings
from moodprint.service.store.database import Database

ELSEWHERE = "http://0.0.0.0:8000"


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(
        host="0.0.0.0", data=tmp_path, workers=1, allowed_hosts=("mood.example",)
    )


@pytest.fixture
def keys(settings: ServiceSettings) -> Iterator[Keys]:
    database = Database(settings.database_url)
    database.migrate()
    yield Keys(database)
    database.close()


def test_without_a_key_no_other_machine_is_answered(settings: ServiceSettings) -> None:
    with pytest.raises(OptionError, match="moodprint keys add"):
        make_app(settings)


def test_keys_are_kept_as_hashes_and_told_once(keys: Keys, settings: ServiceSettings) -> None:
    key = keys.add("ann", Scope.WRITE)
    assert key.startswith("mp_")
    assert len(key) > 40
    for path in settings.data.iterdir():
        assert key.encode() not in path.read_bytes()
    assert keys.scope_of(key) is Scope.WRITE
    assert keys.scope_of(key + "x") is None
    with pytest.raises(OptionError, match="already"):
        keys.add("ann", Scope.READ)
    with pytest.raises(OptionError, match="name"):
        keys.add(" ", Scope.READ)
    keys.remove("ann")
    assert keys.scope_of(key) is None
    with pytest.raises(OptionError, match="no key named"):
        keys.remove("ann")


def test_a_key_opens_what_its_scope_allows(keys: Keys, settings: ServiceSettings) -> None:
    reads, writes = keys.add("r", Scope.READ), keys.add("w", Scope.WRITE)
    with TestClient(make_app(settings), base_url=ELSEWHERE) as client:

        def call(method: str, path: str, key: str) -> int:
            headers = {"authorization": f"Bearer {key}"} if key else {}
            body = {"name": "x"} if method == "POST" else None
            return client.request(method, path, headers=headers, json=body).status_code

        assert call("GET", "/api/analyses", "") == 401
        assert call("GET", "/openapi.json", "mp_wrong") == 401
        assert call("GET", "/api/analyses", reads) == 200
        assert call("POST", "/api/collections", reads) == 403
        assert call("POST", "/api/collections", writes) == 201
        assert call("POST", "/classify", reads) == 422, "it keeps nothing"
        assert call("GET", "/health", "") == 200
        assert call("GET", "/metrics", "") == 401
        assert call("DELETE", "/api/collections/none", reads) == 403


def test_a_browser_is_asked_for_the_key_and_keeps_it(keys: Keys, settings: ServiceSettings) -> None:
    key = keys.add("ann", Scope.WRITE)
    page = {"accept": "text/html"}
    with TestClient(make_app(settings), base_url=ELSEWHERE) as client:
        asked = client.get("/", headers=page)
        assert asked.url.path == "/login"
        assert "asks for a key" in asked.text
        given = client.post("/login", data={"key": key}, headers=page)
        assert "Collections" in given.text
        cookie = given.history[0].headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert client.get("/api/analyses").status_code == 200


def test_hosts_are_those_that_were_named(keys: Keys, settings: ServiceSettings) -> None:
    keys.add("ann", Scope.READ)
    with TestClient(make_app(settings), base_url=ELSEWHERE) as client:
        assert client.get("/health", headers={"host": "mood.example"}).status_code == 200
        assert client.get("/health", headers={"host": "evil.example"}).status_code == 421


def test_a_caller_who_comes_too_often_waits(tmp_path: Path) -> None:
    settings = ServiceSettings(data=tmp_path, workers=1, calls_per_minute=5)
    with TestClient(make_app(settings), base_url="http://127.0.0.1") as client:
        statuses = [client.get("/health").status_code for _ in range(7)]
        assert statuses[:5] == [200] * 5
        last = client.get("/health")
        assert (last.status_code, last.json()["code"]) == (429, "too-many-calls")
        assert 1 <= int(last.headers["retry-after"]) <= 13


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("moodprint.service.access.time.monotonic", lambda: now)
    limit = RateLimit(60)
    assert [limit.wait_s("a") for _ in range(60)] == [0] * 60
    assert limit.wait_s("a") == pytest.approx(1)
    assert limit.wait_s("b") == 0
    now = 1.0
    assert limit.wait_s("a") == 0
    assert limit.wait_s("a") > 0


@pytest.mark.parametrize("cookie", ["moodprint_key", 'moodprint_key="', "a=b; \x7f=c", "=;;="])
def test_broken_cookies_are_no_keys(keys: Keys, settings: ServiceSettings, cookie: str) -> None:
    keys.add("ann", Scope.READ)
    with TestClient(make_app(settings), base_url=ELSEWHERE) as client:
        assert client.get("/api/analyses", headers={"cookie": cookie}).status_code == 401
