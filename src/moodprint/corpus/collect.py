"""Bring the recordings of a list of sources into one folder, each once."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from moodprint.corpus.cache import key_of
from moodprint.corpus.recording import COLLECTED, read_collected
from moodprint.corpus.sources import Fetched, Item, Source
from moodprint.errors import MoodprintError

PACKAGES = ".packages"
_FETCHING = ".fetching"


@dataclass(frozen=True)
class CollectReport:
    """What a run brought: new files, how many were there already, and what failed, and why."""

    fetched: tuple[str, ...]
    known: int
    failures: tuple[tuple[str, str], ...]


@dataclass
class _Tally:
    fetched: list[str] = field(default_factory=list)
    known: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)


def collect(
    sources: Iterable[Source],
    out: str | Path,
    on_item: Callable[[str, str], None] = lambda _name, _fate: None,
) -> CollectReport:
    """Fetch what is not there yet into ``out``/<emotion>/, and note it in collected.jsonl.

    A source or item that fails is reported and the rest go on; the next run tries it again. A run
    that was cut off goes on in the midst of the file it was at. ``on_item`` is told a name and
    "fetched", "known" or why it failed.
    """
    root = Path(out)
    root.mkdir(parents=True, exist_ok=True)
    known = {note["key"] for note in read_collected(root).values()}
    tally = _Tally()
    for source in sources:
        try:
            for item in source.items():
                _take(item, root, known, tally, on_item)
        except MoodprintError as error:
            tally.failures.append((source.name, str(error)))
            on_item(source.name, str(error))
    if not tally.failures:
        shutil.rmtree(root / _FETCHING, ignore_errors=True)
    return CollectReport(tuple(tally.fetched), tally.known, tuple(tally.failures))


def _take(
    item: Item, root: Path, known: set[str], tally: _Tally, on_item: Callable[[str, str], None]
) -> None:
    if item.key in known:
        tally.known += 1
        on_item(item.key, "known")
        return
    folder = root / _FETCHING / key_of(item.key)[:16]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        fetched = item.fetch(folder)
    except MoodprintError as error:
        tally.failures.append((item.key, str(error)))
        on_item(item.key, str(error))
        return
    file = _settle(item, fetched, root)
    known.add(item.key)
    tally.fetched.append(file)
    on_item(file, "fetched")


def _settle(item: Item, fetched: Fetched, root: Path) -> str:
    """Move a file to its place and note it."""
    stem = re.sub(r"[^\w .()-]", "_", fetched.path.stem)[:120].strip(" .") or "untitled"
    file = f"{item.emotion}/{stem}-{key_of(item.key)[:8]}{fetched.path.suffix.lower()}"
    (root / item.emotion).mkdir(exist_ok=True)
    fetched.path.replace(root / file)
    note = {
        "file": file,
        "key": item.key,
        "emotion": item.emotion,
        "synthetic": item.synthetic,
        "chapters": [asdict(mark) for mark in fetched.chapters],
        **{"title": fetched.path.stem, **fetched.details, **item.details},
    }
    _append(root / COLLECTED, note)
    shutil.rmtree(fetched.path.parent, ignore_errors=True)
    return file


def _append(path: Path, note: dict[str, Any]) -> None:
    """Add a line to a list, after the last whole line of it."""
    line = json.dumps(note, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    with path.open("ab+") as file:
        file.seek(0)
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
