"""An environment without pip gets one from the index, and no other than it vouches for."""

from __future__ import annotations

import ensurepip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "fetch_pip.py"

pytestmark = pytest.mark.long


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Callable[[str | None], str]]:
    """``index(checksum)``: the address of an index with one pip; None: the right checksum."""
    [wheel] = (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / wheel.name).write_bytes(wheel.read_bytes())
    handler = partial(_Quiet, directory=str(tmp_path))

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()

        def make(checksum: str | None) -> str:
            checksum = checksum or hashlib.sha256(wheel.read_bytes()).hexdigest()
            page = tmp_path / "simple" / "pip" / "index.html"
            page.parent.mkdir(parents=True)
            page.write_text(
                '<a href="../../files/pip-1.0-py3-none-any.whl#sha256=' + "0" * 64 + '">old</a>'
                f'<a href="../../files/{wheel.name}#sha256={checksum}">new</a>'
            )
            return f"http://127.0.0.1:{server.server_port}/simple"

        yield make
        server.shutdown()


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """The Python of an environment without pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    return tmp_path / "env" / "bin" / "python"


def fetch(python: Path, address: str) -> subprocess.CompletedProcess:
    env = {"PATH": os.environ["PATH"], "PIP_INDEX_URL": address}
    return subprocess.run([python, SCRIPT], env=env, capture_output=True, text=True, timeout=120)


def test_pip_is_there_afterwards(python: Path, index) -> None:
    done = fetch(python, index(None))
    assert (done.returncode, done.stderr) == (0, "")
    version = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=True)
    assert version.stdout.startswith(b"pip ")


def test_a_wheel_that_is_not_what_the_index_says_is_refused(python: Path, index) -> None:
    done = fetch(python, index("0" * 64))
    assert done.returncode == 1
    assert "is not what the index says" in done.stderr
    assert subprocess.run([python, "-m", "pip"], capture_output=True, check=False).returncode != 0
