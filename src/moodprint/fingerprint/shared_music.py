"""Which files of a folder share music: all pairs, and groups of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.engine import Engine, Progress, no_progress
from moodprint.evaluation.groups import unions
from moodprint.files import temporary_folder
from moodprint.fingerprint.batch import QueryAnswer, query_files
from moodprint.fingerprint.index import MatchIndex
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

    @property
    def spans(self) -> dict[str, tuple[float, float]]:
        """From when to when in each of the two files."""
        second_s = self.duration_s * self.speed
        return {
            self.first: (self.first_offset_s, self.first_offset_s + self.duration_s),
            self.second: (self.second_offset_s, self.second_offset_s + second_s),
        }

    def to_dict(self) -> dict[str, Any]:
        """The object that ``moodprint match query --all-pairs --format json`` gives for a pair."""
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


@dataclass(frozen=True)
class FileComparison:
    """What files share: every stretch, strongest first; one that was found in both directions once.

    ``known`` are the tracks of a known index in each file, where one was asked. ``failed`` are
    those that could not be read, with the reasons; they share nothing. ``warnings`` tell what was
    odd about others.
    """

    stretches: tuple[SharedMusic, ...]
    known: tuple[QueryAnswer, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def shared(self) -> tuple[SharedMusic, ...]:
        """The strongest stretch of each pair, strongest first."""
        return strongest(self.stretches)


def compare_files(
    paths: Iterable[str | Path],
    *,
    known: str | Path | None = None,
    shortest_s: float = SHORTEST_S,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> FileComparison:
    """Compare all files with all others, in an index in a temporary folder.

    ``workers`` processes (one a core where None) read and compare. Copies to the byte share
    their whole length. ``decoding`` says what of each file is decoded. Shared stretches of less
    than ``shortest_s`` are left out. ``known`` is the folder of an index that each file is looked
    up in, too.

    Raises:
        IndexFileError: there is no index at ``known``, or it is damaged.
    """
    files = list(dict.fromkeys(str(path) for path in paths))
    with temporary_folder() as folder:
        index = MatchIndex.create(folder / "index")
        report = index.add(
            files, decoding=decoding, workers=workers, engine=engine, progress=progress
        )
        unreadable = {path for path, _ in report.failed}
        ask = partial(
            query_files,
            [file for file in files if file not in unreadable],
            peaks_index=index.folder,
            workers=workers,
            engine=engine,
            progress=progress,
        )
        known_tracks = () if known is None else tuple(ask(index=known))
        stretches = _stretches(ask(index=index.folder), shortest_s)
        return FileComparison(stretches, known_tracks, report.failed, report.warnings)


def shared_music(
    source: Iterable[str | Path] | MatchIndex,
    *,
    shortest_s: float = SHORTEST_S,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> tuple[SharedMusic, ...]:
    """The strongest shared stretch of each pair, strongest first.

    ``source`` are files (see ``compare_files``), or an index whose tracks are compared without
    their files.
    """
    if not isinstance(source, MatchIndex):
        return compare_files(
            source, shortest_s=shortest_s, workers=workers, engine=engine, progress=progress
        ).shared
    names = [track.name for track in source.tracks]
    answers = query_files(
        names,
        source.folder,
        peaks_index=source.folder,
        workers=workers,
        engine=engine,
        progress=progress,
    )
    return strongest(_stretches(answers, shortest_s))


def duplicate_groups(
    source: Iterable[str | Path] | MatchIndex,
    *,
    shortest_s: float = SHORTEST_S,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> tuple[DuplicateGroup, ...]:
    """Groups of two and more files that share music, as ``shared_music`` finds it."""
    shared = shared_music(source, shortest_s=shortest_s, workers=workers, progress=progress)
    return groups_of(shared)


def groups_of(shared: Iterable[SharedMusic]) -> tuple[DuplicateGroup, ...]:
    """The unions of pairs, by their first file in alphabetical order."""
    evidence = tuple(shared)
    files = sorted({file for pair in evidence for file in (pair.first, pair.second)})
    first_of = unions(files, ((pair.first, pair.second) for pair in evidence))
    members: dict[str, list[str]] = {}
    for file in files:
        members.setdefault(first_of[file], []).append(file)
    return tuple(
        DuplicateGroup(
            tuple(group), tuple(pair for pair in evidence if first_of[pair.first] == first)
        )
        for first, group in members.items()
    )


def strongest(stretches: Iterable[SharedMusic]) -> tuple[SharedMusic, ...]:
    """The one with the highest score of each pair, strongest first."""
    best: dict[frozenset[str], SharedMusic] = {}
    for shared in sorted(stretches, key=_by_score):
        best.setdefault(frozenset((shared.first, shared.second)), shared)
    return tuple(best.values())


def _stretches(answers: Iterable[QueryAnswer], shortest_s: float) -> tuple[SharedMusic, ...]:
    """All, strongest first, but those that a stronger one tells already."""
    found = [
        _shared(answer.query, match)
        for answer in answers
        for match in answer.matches
        if match.track != answer.query and match.duration_s >= shortest_s
    ]
    kept: dict[frozenset[str], list[SharedMusic]] = {}
    for shared in sorted(found, key=_by_score):
        others = kept.setdefault(frozenset((shared.first, shared.second)), [])
        if not any(_tells(other, shared) for other in others):
            others.append(shared)
    return tuple(sorted((each for group in kept.values() for each in group), key=_by_score))


def _by_score(shared: SharedMusic) -> tuple[float, str, str]:
    return -shared.score, shared.first, shared.second


def _tells(stronger: SharedMusic, shared: SharedMusic) -> bool:
    """Whether the stronger one holds most of the other, in both files."""
    spans, others = stronger.spans, shared.spans
    return all(_common_s(spans[file], others[file]) >= shared.duration_s / 2 for file in spans)


def _common_s(one: tuple[float, float], other: tuple[float, float]) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


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
