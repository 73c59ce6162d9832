"""The container recipe: its commands, settings and files are those that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from moodprint.cli.app import main
from moodprint.service.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def _commands() -> list[list[str]]:
    found = [COMPOSE["services"][name]["command"] for name in ("server", "worker")]
    found = [
        shlex.split(each[-1].replace("$$", "$")) if each[0] == "sh" else each for each in found
    ]
    [own] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    return [*found, yaml.safe_load(own)]


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_its_commands_are_ours(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for word in command if word != "exec"]
    assert words[0] == "moodprint"
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for word in words:
        if word.startswith("--"):
            assert word in shown


def test_its_settings_are_ours() -> None:
    environment: dict[str, Any] = COMPOSE["x-moodprint"]["environment"]
    named = [*environment, *re.findall(r"\b(MOODPRINT_[A-Z_]+)=", DOCKERFILE)]
    fields = {f"MOODPRINT_{name.upper()}" for name in ServiceSettings.model_fields}
    assert named
    assert set(named) <= fields


def test_a_worker_may_be_called_like_its_container() -> None:
    assert ServiceSettings(worker_name="4f2a9c1be07d").worker_name == "4f2a9c1be07d"


def test_what_is_copied_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
    assert "USER 10001" in DOCKERFILE
