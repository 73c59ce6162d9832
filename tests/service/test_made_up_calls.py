"""Calls made up from the description of the API: whatever comes, no answer is the server's fault,
and each is described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from moodprint.service.app import make_app
from moodprint.service.settings import ServiceSettings

schemathesis = pytest.importorskip("schemathesis")

pytestmark = pytest.mark.long

HOST = {"Host": "127.0.0.1"}

from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402

"""Left out: that a file holds sound, and that an id is there, no description can say."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service whose rows are there, without a worker."""
    data = tmp_path_factory.mktemp("data")
    app = make_app(ServiceSettings(data=data, workers=1, most_megabytes=1, calls_per_minute=10**6))
    yield app
    app.state.context.close()


def test_no_call_makes_the_server_fail(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == "/api/events":  # a stream without an end: tested by itself
            continue
        tried.add(operation.label)

        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def call(case: Any) -> None:
            response = case.call(headers=HOST)
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            if response.status_code >= 400:
                assert response.headers["content-type"][0] == "application/problem+json"

        call()
    assert len(tried) >= 20
