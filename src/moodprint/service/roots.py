"""Files named by their path: those under the roots, and nothing said of any other."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from moodprint.service.problems import Problem


def file_under(roots: Sequence[Path], name: str, most_bytes: int) -> Path:
    """The regular file that a path names, absolute or relative to a root.

    Links are followed first, so that one that leads out of the roots leads nowhere. What lies
    outside, is missing, is a folder or a device, or may not be read: all get the same answer.

    Raises:
        Problem: 404; or 413, the file is under a root and larger than ``most_bytes``.
    """
    for root in roots:
        try:
            path = (root / name).resolve(strict=True)
            state = path.stat()
        except (OSError, ValueError, RuntimeError):  # missing; a NUL; a circle of links
            continue
        if path.is_relative_to(root) and stat.S_ISREG(state.st_mode):
            if state.st_size > most_bytes:
                raise too_large(most_bytes)
            return path
    raise Problem(404, "no-such-file", "No such file under the folders that are served.")


def place_under(roots: Sequence[Path], name: str) -> Path:
    """The folder, or regular file, that a path names, as ``file_under`` takes paths.

    Raises:
        Problem: 404.
    """
    for root in roots:
        try:
            path = (root / name).resolve(strict=True)
            mode = path.stat().st_mode
        except (OSError, ValueError, RuntimeError):
            continue
        if path.is_relative_to(root) and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return path
    raise Problem(404, "no-such-file", "No such file or folder under the folders that are served.")


def too_large(most_bytes: int) -> Problem:
    """413, with the limit."""
    megabytes = most_bytes / 1_000_000
    return Problem(413, "too-large", f"A file has at most {megabytes:g} MB.")
