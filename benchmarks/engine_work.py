"""What benchmarks/engine.py has workers do: they import it by this name."""

from __future__ import annotations

import os
import time
from pathlib import Path


def square(number: int) -> int:
    """Work that takes no time."""
    return number * number


def note_and_nap(folder: str) -> None:
    """Write a file named after this process, then work for a minute."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)
