"""Functions for workers to call: another process imports them by name (see tests/engine)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from moodprint.engine import tell
from moodprint.errors import MissingExtraError


def square(number: int) -> int:
    return number * number


def inverse(number: int) -> float:
    return 1 / number


def process_id(_: object) -> int:
    return os.getpid()


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def timed_nap(seconds: float) -> tuple[float, float]:
    """When it began and ended, by a clock that all processes share."""
    began_s = time.monotonic()
    time.sleep(seconds)
    return began_s, time.monotonic()


def nap_and_name(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def die_of(number: int) -> int:
    """Die of the signal with that number; 0 is survived."""
    if number:
        signal.raise_signal(number)
    return number


def leave(_: object) -> None:
    os._exit(3)


def lack_a_package(package: str) -> None:
    raise MissingExtraError(package, "deep")


def a_lambda(_: object) -> object:
    return lambda: None


def note_and_nap(folder: str) -> None:
    """Write a file named after this process, then hang."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def blas_threads(_: object) -> str | None:
    return os.environ.get("OPENBLAS_NUM_THREADS")


def fill(size: int) -> int:
    """Hold so many bytes that are really written to."""
    return len(bytearray(b"x") * size)


def tell_slowly(steps: int) -> int:
    """Tells of each step, with time between them to be heard."""
    for step in range(1, steps + 1):
        tell(step, steps)
        time.sleep(0.12)
    return steps


def tell_fast(steps: int) -> int:
    """Tells of more steps than anybody could see."""
    for step in range(1, steps + 1):
        tell(step, steps)
    return steps


def crash(_: object) -> None:
    """Die as a library does that reads what is not its own."""
    signal.raise_signal(signal.SIGSEGV)


def hang(_: object) -> None:
    time.sleep(60)


def fill_memory(_: object) -> list[bytearray]:
    return [bytearray(2**26) for _ in range(100)]
