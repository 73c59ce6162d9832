"""Figures and logs."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient

from moodprint.service.observed import JsonLines


def test_calls_are_counted_by_route(client: TestClient) -> None:
    client.get("/api/analyses/secret-name")
    client.get("/no/such/address")
    text = client.get("/metrics").text
    assert (
        'moodprint_calls_total{method="GET",route="/api/analyses/{analysis_id}",status="404"}'
        in text
    )
    assert 'route="other",status="404"' in text
    assert "secret-name" not in text
    assert 'moodprint_analyses{state="done"}' in text
    assert "moodprint_call_seconds_bucket" in text


def test_a_call_has_an_id_and_a_line(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="moodprint.calls"):
        given = client.get("/health", headers={"x-request-id": "abc-1"})
        made = client.get("/health", headers={"x-request-id": "a b\tc"})
    assert given.headers["x-request-id"] == "abc-1"
    assert len(made.headers["x-request-id"]) == 32
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert (line["call"], line["route"], line["status"]) == ("abc-1", "/health", 200)


def test_a_log_cannot_be_forged() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "a\n{}\x1b[31m\u202e", (), None)
    line = JsonLines().format(record)
    assert line.isascii()
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"] == "a\n{}\x1b[31m\u202e"
