"""The engines that the contract holds: a new one is one line here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moodprint.engine import Engine
from moodprint.engine.local import LocalEngine

ENGINES: dict[str, Callable[[], Engine]] = {"moodprint.engine.local:LocalEngine": LocalEngine}
"""By the name under which a script imports it: module and class."""


@pytest.fixture(params=ENGINES, ids=lambda name: name.split(":")[1])
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def engine(engine_name: str) -> Engine:
    return ENGINES[engine_name]()
