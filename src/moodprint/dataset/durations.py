"""How long files are, by their headers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from moodprint.audio.media import probe
from moodprint.engine import available_cores, file_limits, run


def announced_durations_s(paths: Iterable[Path]) -> dict[Path, float]:
    """The seconds that each file announces; files that announce none, or cannot be read, are left
    out. Headers are read in processes of their own (see ``engine.file_limits``)."""
    files = list(dict.fromkeys(paths))
    workers = min(available_cores(), max(1, len(files)))
    outcomes = run(_announced_s, files, workers=workers, limits=file_limits())
    return {outcome.item: outcome.value for outcome in outcomes if outcome.value}


def _announced_s(path: Path) -> float | None:
    return probe(path).duration_s
