"""Watching processes from outside: whether one lives, and waiting for what it does."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def lives(process_id: int) -> bool:
    """Whether the process runs: a zombie does not."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/stat")
    return not (status.exists() and ") Z " in status.read_text())


def wait_until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait for a condition, and fail where it does not come about in time."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come about in time"
        time.sleep(0.02)
