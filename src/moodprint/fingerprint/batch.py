"""Many queries of an index: one answer each, in order, and a bad file fails alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.engine import (
    Engine,
    Progress,
    available_cores,
    file_limits,
    no_progress,
    progress_within,
    run,
)
from moodprint.errors import IndexFileError
from moodprint.fingerprint.extract import error_line
from moodprint.fingerprint.index import MatchIndex
from moodprint.fingerprint.peaks import extract_peaks
from moodprint.fingerprint.records import Match


@dataclass(frozen=True)
class QueryAnswer:
    """What a file holds: matches, best first, or the error for which it could not be asked.

    ``warnings`` are those of its decoding.
    """

    query: str
    matches: tuple[Match, ...] = ()
    error: str | None = None
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The object that ``moodprint match query --format json`` promises for a query."""
        answer = {"query": self.query, "matches": [match.to_dict() for match in self.matches]}
        if self.warnings:
            answer["warnings"] = list(self.warnings)
        return answer if self.error is None else {**answer, "error": self.error}


@dataclass(frozen=True)
class QueryFile:
    """Ask an index for a file; each process opens the index once, and sees what is added to it.

    A path that is a track's name in ``peaks_index`` is asked by the peaks that are there, and not
    decoded again.
    """

    index: str
    peaks_index: str | None = None
    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, path: str) -> QueryAnswer:
        """Raises what ``MatchIndex.query`` raises, and IndexFileError."""
        index = _opened(self.index)
        index.reopen()
        sound = None if self.peaks_index is None else _opened(self.peaks_index).peaks_of(path)
        if sound is None:
            sound = extract_peaks(path, self.decoding)
        return QueryAnswer(path, index.query_peaks(sound), warnings=sound.warnings)


def query_files(
    paths: Sequence[str | Path],
    index: str | Path,
    *,
    peaks_index: str | Path | None = None,
    decoding: DecodeOptions = DEFAULT_OPTIONS,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> Iterator[QueryAnswer]:
    """The answer for each file, in order, as they come.

    ``workers`` processes, by default one a core, ask for a file each; no file is opened in this
    process. ``peaks_index`` and ``decoding``: see QueryFile.

    Raises:
        IndexFileError: there is no index, or it is damaged.
    """
    items = [str(path) for path in paths]
    workers = min(workers or available_cores(), max(1, len(items)))
    query = QueryFile(str(index), None if peaks_index is None else str(peaks_index), decoding)
    outcomes = run(query, items, engine=engine, workers=workers, limits=file_limits())
    with progress_within(progress, "query files", len(items), in_parts=False) as asking:
        for outcome in outcomes:
            asking.finish(outcome.item)
            if isinstance(outcome.error, IndexFileError):
                raise outcome.error
            if outcome.error is not None:
                yield QueryAnswer(outcome.item, error=error_line(outcome.item, outcome.error))
            else:
                yield outcome.unwrap()


@lru_cache(maxsize=2)
def _opened(folder: str) -> MatchIndex:
    return MatchIndex.open(folder)
