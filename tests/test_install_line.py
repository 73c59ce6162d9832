"""The line that a missing extra names works where it is typed: over all extras, from any place."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from moodprint import install_line as module
from moodprint.install_line import WITHOUT_ITS_REQUIREMENTS, install_line

ROOT = Path(__file__).parents[1]
EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]
ALL = sorted([*EXTRAS, *WITHOUT_ITS_REQUIREMENTS])


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Type a line into bash, its interpreter being one that tells the words that reach it."""
    python = tmp_path / "my python" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    def words(line: str) -> list[str]:
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    return words


def _checkout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run from a checkout in a folder."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\nname = 'moodprint'\n")
    place = folder / "src" / "moodprint" / "install_line.py"
    monkeypatch.setattr(module, "__file__", str(place))


def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a package that was installed, with the requirements of this project."""
    listed = [f'{each}; extra == "{extra}"' for extra, all_ in EXTRAS.items() for each in all_]
    monkeypatch.setattr(module, "__file__", str(tmp_path / "lib" / "moodprint" / "x.py"))
    monkeypatch.setattr(module, "requires", lambda _: ["numpy>=2.0", *listed])


@pytest.mark.parametrize("extra", ALL)
def test_in_the_checkout(extra, typed, tmp_path, monkeypatch):
    _checkout(tmp_path / "a clone", monkeypatch)
    monkeypatch.chdir(tmp_path / "a clone")
    wanted = _wanted(typed(install_line(extra)), extra)
    assert wanted in ([f".[{extra}]"], [])


@pytest.mark.parametrize("extra", ALL)
def test_of_a_checkout_in_another_folder(extra, typed, tmp_path, monkeypatch):
    _checkout(tmp_path / "a clone", monkeypatch)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "pyproject.toml").write_text("[project]\nname = 'another'\n")
    monkeypatch.chdir(tmp_path / "elsewhere")
    wanted = _wanted(typed(install_line(extra)), extra)
    assert wanted in ([f"{tmp_path / 'a clone'}[{extra}]"], [])


@pytest.mark.parametrize("extra", ALL)
def test_of_an_installed_package_what_it_requires_is_named(extra, typed, tmp_path, monkeypatch):
    _installed(tmp_path, monkeypatch)
    words = typed(install_line(extra))
    assert words[:3] == ["-m", "pip", "install"]
    if extra in EXTRAS:
        assert words[3:] == EXTRAS[extra]
    assert all(Requirement(word) for word in words[3:] if not word.startswith("-"))


def _wanted(words: list[str], extra: str) -> list[str]:
    """What is to be installed in place; nothing of a package that comes alone."""
    assert words[:3] == ["-m", "pip", "install"]
    if extra in WITHOUT_ITS_REQUIREMENTS:
        assert words[3:] == ["--no-deps", WITHOUT_ITS_REQUIREMENTS[extra]]
        return []
    assert words[3] == "-e"
    return words[4:]


def test_an_interpreter_without_pip_is_served_by_the_tool_that_made_it(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: name if name == "pipx" else None)
    assert install_line("study").startswith("pipx inject moodprint -e ")
    monkeypatch.setattr(module.shutil, "which", lambda name: name)
    monkeypatch.setattr(sys, "executable", "/opt/my tools/python")
    assert install_line("study").startswith("uv pip install --python '/opt/my tools/python' -e ")


def test_the_other_system_has_other_quotes(monkeypatch):
    monkeypatch.setattr(sys, "executable", r"C:\my python\python.exe")
    monkeypatch.setattr(module.os, "name", "nt")
    line = subprocess.list2cmdline([r"C:\my python\python.exe"])
    monkeypatch.setattr(module, "_wanted", lambda extra: [f".[{extra}]"])
    assert install_line("study") == f"{line} -m pip install .[study]"


def test_a_package_of_another_origin_is_named_by_its_name(tmp_path, monkeypatch):
    _installed(tmp_path, monkeypatch)
    monkeypatch.setattr(module, "requires", lambda _: None)
    assert install_line("study").endswith("-m pip install 'moodprint[study]'")


def _asked_for() -> Iterator[tuple[str, str | None, str | None]]:
    """By place, the package and the extra that a MissingExtraError names, if they can be read."""
    for file in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(file.read_text())
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MissingExtraError":
                named = [
                    getattr(word, "value", None) or constants.get(getattr(word, "id", ""))
                    for word in node.args
                ]
                yield f"{file.relative_to(ROOT)}:{node.lineno}", named[0], named[1]


def test_every_extra_that_is_asked_for_is_one_there_is_and_brings_the_package() -> None:
    asked_for = list(_asked_for())
    assert len(asked_for) >= 8, "the search finds the calls"
    for place, package, extra in asked_for:
        assert extra in ALL, place
        brings = EXTRAS.get(extra) or [WITHOUT_ITS_REQUIREMENTS[extra]]
        if package is not None:
            assert package in {Requirement(each).name for each in brings}, place
