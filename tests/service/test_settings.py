"""Settings by argument and environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from moodprint.service.settings import ServiceSettings


def test_the_environment_sets_what_is_not_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOODPRINT_PORT", "8123")
    monkeypatch.setenv("MOODPRINT_ROOT", f'["{tmp_path}"]')
    assert ServiceSettings().port == 8123
    assert ServiceSettings().root == (tmp_path.resolve(),)
    assert ServiceSettings(port=1).port == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.0.1"])
def test_the_loopback_is_this_machine_alone(host: str) -> None:
    assert ServiceSettings(host=host).is_local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org"])
def test_other_addresses_are_not(host: str) -> None:
    assert not ServiceSettings(host=host).is_local


@pytest.mark.parametrize(
    "wrong",
    [{"port": 70_000}, {"host": " "}, {"workers": 0}, {"most_megabytes": 0}, {"root": ("/none",)}],
)
def test_wrong_values_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings(**wrong)
