"""The service under load, and beside the bare library call.

    scripts/bench service [--clients 50] [--seconds 120] [--clip FILE]

starts `moodprint serve`, and prints two tables: how long `POST /classify` of a 30 s clip takes for
one client that asks again and again, beside `Analyzer.file` in this process, taken in turns; and
what many clients that ask at once get: answers, refusals (503: too many wait), errors, the time of
the 50th and 95th percentile, and the memory of the server and its processes before and after.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from measure import machine
from moodprint.audio.decode import decode
from moodprint.audio.encode import encode
from moodprint.recognition.analyzer import Analyzer

_STARTED = "from moodprint.cli.app import main; main()"
_SONG = Path(__file__).parents[1] / "examples" / "song.mp3"
_ALONE = 40
"""Calls of one client: the 95th percentile leaves two above it."""


@contextmanager
def server(folder: Path, data: Path) -> Iterator[tuple[int, str]]:
    """The process of a service over a folder, and its address."""
    options = ["--root", str(folder), "--port", "0", "--data", str(data), "--only", "calls"]
    limits = {"MOODPRINT_WAITING": "200", "MOODPRINT_CALLS_PER_MINUTE": "1000000"}
    with subprocess.Popen(
        [sys.executable, "-c", _STARTED, "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **limits},
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        try:
            yield process.pid, found[0]
        finally:
            process.terminate()


def classify(address: str, name: str) -> int:
    """The status of a call."""
    body = json.dumps({"path": name}).encode()
    request = urllib.request.Request(
        f"{address}/classify", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def memory_mb(pid: int) -> float:
    """Proportional memory of a process and all under it (Linux), in MB."""
    pids, total = [pid], 0
    for parent in pids:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            pids += [int(child) for child in children.read_text().split()]
        try:
            rollup = Path(f"/proc/{parent}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / 1024


def alone(address: str, clip: Path) -> list[str]:
    """One client beside the library, in turns, so that both meet the same machine."""
    analyzer = Analyzer()
    times: dict[str, list[float]] = {"Analyzer.file": [], "POST /classify": []}
    for turn in range(_ALONE + 2):
        for name, call in (
            ("Analyzer.file", lambda: analyzer.file(clip)),
            ("POST /classify", lambda: classify(address, clip.name)),
        ):
            started = time.perf_counter()
            call()
            if turn >= 2:  # both warm
                times[name].append(time.perf_counter() - started)
    ratios = np.array(times["POST /classify"]) / np.array(times["Analyzer.file"])
    rng = np.random.default_rng(0)
    medians = [np.median(rng.choice(ratios, len(ratios))) for _ in range(1000)]
    low, high = np.quantile(medians, (0.025, 0.975))
    rows = [f"| {name} | {_percentiles(each)} |" for name, each in times.items()]
    return [
        "| one client, 30 s clip | p50, ms | p95, ms |",
        "|---|---|---|",
        *rows,
        f"\nratio of the two, median: {np.median(ratios):.2f} [{low:.2f}, {high:.2f}]\n",
    ]


def loaded(address: str, pid: int, clip: Path, clients: int, seconds: float) -> list[str]:
    """Many clients at once, each asking again as soon as it is answered."""
    statuses: Counter[int] = Counter()
    times: list[float] = []
    until = time.monotonic() + seconds
    memory = [memory_mb(pid)]

    def ask() -> None:
        while time.monotonic() < until:
            started = time.perf_counter()
            status = classify(address, clip.name)
            times.append(time.perf_counter() - started)
            statuses[status] += 1

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(5.0, seconds / 4))
        memory.append(memory_mb(pid))
    errors = sum(count for status, count in statuses.items() if status not in (200, 503))
    return [
        f"| {clients} clients, {seconds:g} s | |",
        "|---|---|",
        f"| answers | {statuses[200]}, {statuses[200] / seconds:.1f} a second |",
        f"| refused as busy | {statuses[503]} |",
        f"| errors | {errors} |",
        f"| p50, p95 | {_percentiles(times).replace(' |', ' ms,')} ms |",
        f"| memory: start, most, end | {memory[0]:.0f}, {max(memory):.0f}, {memory[-1]:.0f} MB |",
    ]


def _percentiles(times: Sequence[float]) -> str:
    middle, high = np.quantile(times, (0.5, 0.95)) * 1000
    return f"{middle:.0f} | {high:.0f}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--clip", type=Path, default=_SONG, help="its first 30 s are taken")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = encode(decode(options.clip, stop_s=30.0), Path(folder) / "clip.mp3")
        with server(Path(folder), Path(folder) / "data") as (pid, address):
            print(machine() + "\n")
            print("\n".join(alone(address, clip)), flush=True)
            print("\n".join(loaded(address, pid, clip, options.clients, options.seconds)))


if __name__ == "__main__":
    main()
