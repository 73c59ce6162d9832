"""The line that installs an extra here: for this interpreter, from where this package came."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from pathlib import Path

WITHOUT_ITS_REQUIREMENTS = {"soundfont": "tinysoundfont>=0.3.6,<1"}
"""Packages whose requirements serve other ends than ours and need a compiler: installed alone, so
they are no extra in ``pyproject.toml``."""


def install_line(extra: str) -> str:
    """A command that installs what an extra needs, and works in the folder we are in."""
    line = [*_installer(), *_wanted(extra)]
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)


def _installer() -> list[str]:
    """pip of this interpreter; where it has none, the tool by which it was made: uv or pipx."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install"]
    if shutil.which("uv") is None and shutil.which("pipx") is not None:
        return ["pipx", "inject", "moodprint"]
    return ["uv", "pip", "install", "--python", sys.executable]


def _wanted(extra: str) -> list[str]:
    if extra in WITHOUT_ITS_REQUIREMENTS:
        return ["--no-deps", WITHOUT_ITS_REQUIREMENTS[extra]]
    project, here = Path(__file__).parents[2] / "pyproject.toml", Path("pyproject.toml")
    if project.is_file():  # we run from a checkout: its packages are those to have
        folder = "." if here.exists() and here.samefile(project) else project.parent
        return ["-e", f"{folder}[{extra}]"]
    return _required(extra) or [f"moodprint[{extra}]"]


def _required(extra: str) -> list[str]:
    """What an installed package says that an extra needs. Named one by one, for nobody knows here
    whether the package itself can be had once more, and from where."""
    try:
        listed = requires("moodprint") or []
    except PackageNotFoundError:
        return []
    parts = [line.partition(";") for line in listed]
    marks = (f'extra == "{extra}"', f"extra == '{extra}'")
    return [wanted.strip() for wanted, _, marker in parts if marker.strip() in marks]
