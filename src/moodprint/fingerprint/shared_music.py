"""Which files of a folder share music: all pairs, and groups of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moodprint.engine import Progress, no_progress
from moodprint.fingerprint.index import MatchIndex
from moodprint.fingerprint.peaks import extract_peaks
from moodprint.fingerprint.records import Match

SHORTEST_S = 4.0
"""Shared stretches shorter than this are not reported."""


@dataclass(frozen=True)
class SharedMusic:
    """A stretch that two files share: where it begins in each, and the match's evidence.

    ``speed`` and ``pitch_semitones`` are those of ``first`` over ``second``; ``duration_s`` is on
    the clock of ``first``.
    """

    first: str
    second: str
    first_offset_s: float
    second_offset_s: float
    duration_s: float
    speed: float
    pitch_semitones: float
    score: float

    def to_dict(self) -> dict[str, Any]:
        fields = asdict(self)
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in fields.items()
        }


@dataclass(frozen=True)
class DuplicateGroup:
    """Files joined by shared music, directly or through others; all evidence, strongest first."""

    files: tuple[str, ...]
    evidence: tuple[SharedMusic, ...]


def shared_music(
    source: Iterable[str | Path] | MatchIndex,
    *,
    shortest_s: float = SHORTEST_S,
    progress: Progress = no_progress,
) -> tuple[SharedMusic, ...]:
    """The strongest shared stretch of each pair of files, strongest first.

    ``source`` are files, or an index whose tracks are compared without their files. Files are
    indexed in a temporary folder; one that cannot be read shares nothing, and copies to the byte
    share their whole length. ``progress`` counts the files compared.
    """
    if isinstance(source, MatchIndex):
        names = [track.name for track in source.tracks]
        return _compared(source, names, shortest_s, progress)
    files = list(dict.fromkeys(str(path) for path in source))
    with tempfile.TemporaryDirectory(prefix="moodprint-") as folder:
        index = MatchIndex.create(Path(folder) / "index")
        unreadable = {path for path, _ in index.add(files).failed}
        readable = [file for file in files if file not in unreadable]
        return _compared(index, readable, shortest_s, progress)


def duplicate_groups(
    source: Iterable[str | Path] | MatchIndex,
    *,
    shortest_s: float = SHORTEST_S,
    progress: Progress = no_progress,
) -> tuple[DuplicateGroup, ...]:
    """Groups of two and more files that share music, as ``shared_music`` finds it."""
    return groups_of(shared_music(source, shortest_s=shortest_s, progress=progress))


def groups_of(shared: Iterable[SharedMusic]) -> tuple[DuplicateGroup, ...]:
    """The unions of pairs, by their first file in alphabetical order."""
    evidence = tuple(shared)
    parent: dict[str, str] = {}
    for pair in evidence:
        parent[_root(parent, pair.second)] = _root(parent, pair.first)
    members: dict[str, list[str]] = {}
    for file in sorted(parent):
        members.setdefault(_root(parent, file), []).append(file)
    return tuple(
        DuplicateGroup(
            tuple(files),
            tuple(pair for pair in evidence if _root(parent, pair.first) == root),
        )
        for root, files in members.items()
    )


def _root(parent: dict[str, str], file: str) -> str:
    parent.setdefault(file, file)
    while parent[file] != file:
        parent[file] = parent[parent[file]]
        file = parent[file]
    return file


def _compared(
    index: MatchIndex, files: list[str], shortest_s: float, progress: Progress
) -> tuple[SharedMusic, ...]:
    found = []
    for done, file in enumerate(files, 1):
        matches = index.matches(index.recall(file) or extract_peaks(file))
        found += [_shared(file, match) for match in matches if match.track != file]
        progress("compare files", done, len(files))
    return _strongest([shared for shared in found if shared.duration_s >= shortest_s])


def _shared(path: str, match: Match) -> SharedMusic:
    return SharedMusic(
        first=path,
        second=match.track,
        first_offset_s=match.query_offset_s,
        second_offset_s=match.track_offset_s,
        duration_s=match.duration_s,
        speed=match.speed,
        pitch_semitones=match.pitch_semitones,
        score=match.score,
    )


def _strongest(found: list[SharedMusic]) -> tuple[SharedMusic, ...]:
    """The one with the highest score of each pair, in whichever direction it was found."""
    best: dict[frozenset[str], SharedMusic] = {}
    for shared in sorted(found, key=lambda shared: (-shared.score, shared.first, shared.second)):
        best.setdefault(frozenset((shared.first, shared.second)), shared)
    return tuple(best.values())
