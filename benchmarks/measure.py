"""What a whole process costs: time on the wall, time on the processor, memory."""

from __future__ import annotations

import os
import platform
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """``cpu_s`` is user and system time of the process and the children that it waited for;
    ``peak_mib`` is the resident memory of the largest of them."""

    wall_s: float
    cpu_s: float
    peak_mib: float


class CommandFailedError(Exception):
    """A measured command ended with another status than 0; the message is what it said last."""


def measure(command: Sequence[str | Path], *, limit_s: float = 1800) -> Usage:
    """Run a command to its end, its output thrown away.

    Raises:
        CommandFailedError: it cannot be started, fails, or takes longer than the limit.
    """
    began = time.perf_counter()
    try:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise CommandFailedError(str(error)) from error
    limit = threading.Timer(limit_s, process.kill)
    limit.start()
    with process.stderr as stream:
        said = stream.read().decode("utf-8", "replace").strip().splitlines()
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    limit.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if wall_s >= limit_s:
        raise CommandFailedError(f"it took longer than {limit_s:g} s")
    if process.returncode != 0:
        raise CommandFailedError(said[-1] if said else f"exit status {process.returncode}")
    return Usage(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def best_of(command: Sequence[str | Path], repeats: int) -> Usage:
    """The run that took least time on the wall."""
    return min((measure(command) for _ in range(repeats)), key=lambda usage: usage.wall_s)


def machine() -> str:
    """The processor and its cores, as a benchmark must name them."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores, {name}, Python {platform.python_version()}"
