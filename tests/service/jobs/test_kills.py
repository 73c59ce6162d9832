"""The server and its worker killed at any moment: nothing finished is lost, nothing is done twice
to a visible effect."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import postgres
import pytest
from service_calls import SERVE, service_process, write_song


def _server(data: Path) -> AbstractContextManager[tuple[subprocess.Popen[str], str]]:
    return service_process("--data", str(data), "--workers", "2")


def _call(address: str, body: bytes | None = None, kind: str = "") -> Any:
    request = urllib.request.Request(address, body, {"Content-Type": kind} if kind else {})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def _upload(address: str, path: Path) -> dict[str, Any]:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    body = head.encode() + path.read_bytes() + b"\r\n--b--\r\n"
    return _call(f"{address}/api/analyses", body, "multipart/form-data; boundary=b")


def _worker_of(server: subprocess.Popen[str]) -> int | None:
    """The process in a session of its own that the server started."""
    for each in Path("/proc").iterdir():
        try:
            stat = (each / "stat").read_text().rpartition(")")[2].split()
        except (OSError, NotADirectoryError):
            continue
        if each.name.isdecimal() and int(stat[1]) == server.pid and stat[3] == each.name:
            return int(each.name)
    return None


def _all_ended(address: str, patience_s: float) -> dict[str, dict[str, Any]]:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        page = _call(f"{address}/api/analyses?limit=1000")
        if all(each["state"] not in ("queued", "running") for each in page["items"]):
            return {each["id"]: each for each in page["items"]}
        time.sleep(0.2)
    raise AssertionError([each["state"] for each in page["items"]])


def _rounds() -> int:
    return int(os.environ.get("MOODPRINT_KILLS", "6"))


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_kills_lose_nothing(tmp_path: Path) -> None:
    rng = random.Random(1)
    data, known, number = tmp_path / "data", {}, 0
    for round_number in range(_rounds()):
        with _server(data) as (server, address):
            uploaded = []
            for _ in range(4):
                number += 1
                write_song(tmp_path / f"{number}.wav", seed=number, seconds=8)
                uploaded.append(_upload(address, tmp_path / f"{number}.wav")["id"])
            time.sleep(rng.uniform(0, 3))
            if round_number % 2 and (worker := _worker_of(server)) is not None:
                os.kill(worker, signal.SIGKILL)
                time.sleep(rng.uniform(0, 1))
            done = {
                each["id"]: _call(f"{address}/api/analyses/{each['id']}/answer")
                for each in _call(f"{address}/api/analyses?state=done&limit=1000")["items"]
            }
            for analysis_id, answer in known.items():
                assert done[analysis_id] == answer, "a finished result stays what it was"
            known |= done
            server.send_signal(signal.SIGKILL)
    with _server(data) as (_, address):
        found = _all_ended(address, 180)
        assert len(found) == number, "no queued job is lost, none is there twice"
        assert {each["state"] for each in found.values()} == {"done"}
        for analysis_id, answer in known.items():
            assert _call(f"{address}/api/analyses/{analysis_id}/answer") == answer


@pytest.mark.long
def test_a_copy_serves_as_the_folder_did(tmp_path: Path) -> None:
    write_song(tmp_path / "a.wav", seed=1)
    write_song(tmp_path / "b.wav", seed=2)
    with _server(tmp_path / "data") as (_, address):
        kept = _upload(address, tmp_path / "a.wav")["id"]
        _all_ended(address, 60)
        answer = _call(f"{address}/api/analyses/{kept}/answer")
    for name in ("moodprint.sqlite", "moodprint.sqlite-wal", "media"):  # without the queue
        source, target = tmp_path / "data" / name, tmp_path / "copy" / name
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            target.parent.mkdir(exist_ok=True)
            shutil.copy(source, target)
    with _server(tmp_path / "copy") as (_, address):
        assert _call(f"{address}/api/analyses/{kept}/answer") == answer
        with urllib.request.urlopen(f"{address}/api/analyses/{kept}/media") as media:
            assert media.read() == (tmp_path / "a.wav").read_bytes()
        _upload(address, tmp_path / "b.wav")
        assert {each["state"] for each in _all_ended(address, 60).values()} == {"done"}


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    write_song(tmp_path / "a.wav", seed=1)
    with _server(tmp_path / "data") as (server, address):
        while (first := _worker_of(server)) is None:
            time.sleep(0.05)
        os.kill(first, signal.SIGKILL)
        _upload(address, tmp_path / "a.wav")
        assert [each["state"] for each in _all_ended(address, 60).values()] == ["done"]
        assert _worker_of(server) not in (first, None)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_with_its_server(tmp_path: Path, number: signal.Signals) -> None:
    with _server(tmp_path / "data") as (server, _):
        while (worker := _worker_of(server)) is None:
            time.sleep(0.05)
        server.send_signal(number)
        server.wait(20)
        until = time.monotonic() + 20
        while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert not Path(f"/proc/{worker}").exists()


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
def test_another_worker_takes_over_from_one_that_is_lost(tmp_path: Path) -> None:
    """Two workers on one PostgreSQL: what the killed one had begun is done by the other."""
    binaries = postgres.programs()
    if binaries is None:
        pytest.skip("no PostgreSQL here: scripts/install-system brings it")
    with postgres.running(binaries) as database:
        environment = {
            **os.environ,
            "MOODPRINT_DATABASE": database,
            "MOODPRINT_DATA": str(tmp_path / "data"),
            "MOODPRINT_WORKER_LOST_S": "3",
            "MOODPRINT_WORKERS": "1",
        }
        jobs = [*SERVE, "--only", "jobs", "--worker-name"]
        with (
            service_process("--only", "calls", environment=environment) as (_, address),
            _ended([*jobs, "first"], environment) as first,
        ):
            write_song(tmp_path / "long.wav", seed=1, seconds=600)
            _upload(address, tmp_path / "long.wav")
            until = time.monotonic() + 60
            while _call(f"{address}/api/analyses")["items"][0]["state"] != "running":
                assert time.monotonic() < until
                time.sleep(0.02)
            first.kill()
            assert _call(f"{address}/api/analyses")["items"][0]["state"] == "running"
            with _ended([*jobs, "second"], environment):
                assert [each["state"] for each in _all_ended(address, 90).values()] == ["done"]


@contextmanager
def _ended(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()
