"""Calls of the service as tests make them, and songs to upload."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from fastapi.testclient import TestClient

LOOPBACK = "http://127.0.0.1:8000"

Upload = Callable[..., dict[str, Any]]


SERVE = (sys.executable, "-c", "from moodprint.cli.app import main; main()", "serve")
"""The command, whatever is called ``moodprint`` here."""


@contextmanager
def service_process(
    *words: str, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`moodprint serve` at a free port with these words, and its address; killed at the end."""
    with subprocess.Popen(
        [*SERVE, "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found
            yield server, found[0]
        finally:
            server.kill()


def write_song(path: Path, seed: int, seconds: float = 12.0) -> None:
    """Chords that change every second, as a WAV file."""
    rng = np.random.default_rng(seed)
    times = np.arange(int(16_000 * seconds)) / 16_000
    sound = np.zeros_like(times)
    for second in range(int(seconds)):
        here = (times >= second) & (times < second + 1)
        for pitch in rng.choice([48, 52, 55, 60, 64, 67, 72], 3, replace=False):
            tone = 440 * 2 ** ((pitch - 69) / 12)
            fade = np.exp(-2 * (times[here] - second))
            for partial in (1, 2, 3):
                sound[here] += (
                    0.1 / partial * fade * np.sin(2 * np.pi * partial * tone * times[here])
                )
    soundfile.write(path, sound, 16_000)


def ended(client: TestClient, analysis_id: str, patience_s: float = 120) -> dict[str, Any]:
    """The analysis when it has ended."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        fields = client.get(f"/api/analyses/{analysis_id}").json()
        if fields["state"] not in ("queued", "running"):
            return fields
        time.sleep(0.1)
    raise AssertionError(f"still {fields['state']}")
