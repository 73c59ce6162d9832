"""Many files: one answer each, in order, and a bad file fails alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from moodprint.audio.decode_options import DEFAULT_OPTIONS, DecodeOptions
from moodprint.engine import Engine, Outcome, available_cores, file_limits, run, unheard
from moodprint.errors import (
    BundleError,
    IndexFileError,
    MemoryLimitError,
    MissingExtraError,
    MissingWeightsError,
    OptionError,
    TimeLimitError,
    WorkerCrashedError,
)
from moodprint.prediction import Answer, Failure, Timeline
from moodprint.recognition.known_tracks import with_tracks
from moodprint.recognition.settings import AnalysisSettings

if TYPE_CHECKING:
    from moodprint.fingerprint import Match, MatchIndex
    from moodprint.recognition.analyzer import Analyzer

_NOT_THE_FILES_FAULT = (
    BundleError,
    IndexFileError,
    MissingExtraError,
    MissingWeightsError,
    OptionError,
)

_ENDED = (WorkerCrashedError, TimeLimitError, MemoryLimitError)
"""What ends the process that reads a file."""


@dataclass(frozen=True)
class FileAnalysis:
    """The analysis of a file as a function that can be sent to other processes.

    Each process loads the model once, at its first file. With the folder of a match index,
    the known tracks in the file are named, and count as music; with ``explain`` answers say why.
    ``decoding`` says what of each file is decoded.
    """

    bundle: str | None = None
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    threads: int = 1
    index: str | None = None
    explain: bool = False
    decoding: DecodeOptions = DEFAULT_OPTIONS

    def __call__(self, path: str) -> Timeline:
        tracks = [] if self.index is None else _tracks_in(path, self)
        known = [(each.query_offset_s, each.query_offset_s + each.duration_s) for each in tracks]
        return with_tracks(_analyzer(self).file(path, self.decoding, known), tracks)


def analyze_many(
    paths: Sequence[str | Path],
    analysis: Callable[[str], Timeline] | None = None,
    *,
    workers: int | None = None,
    engine: Engine | None = None,
) -> Iterator[Answer]:
    """The answer for each file, in order, as they come.

    ``workers`` processes, by default one a core, work on a file each, within limits of time and
    memory (see ``engine.file_limits``): no file is opened in this process. ``analysis`` is by
    default that of the shipped model, without explanations.

    Raises:
        OptionError, BundleError, IndexFileError, MissingExtraError, MissingWeightsError: what no
            file could be analysed with.
    """
    items = [str(path) for path in paths]
    function = analysis or FileAnalysis(threads=threads_for(len(items), workers))
    outcomes = run(
        function, items, engine=engine, workers=_used(len(items), workers), limits=file_limits()
    )
    for outcome in outcomes:
        yield _answer(outcome)


def threads_for(files: int, workers: int | None = None) -> int:
    """How many threads a network may use in each process: all cores where one file is worked on at
    a time; else one, for more would only be in each other's way."""
    return available_cores() if _used(files, workers) == 1 else 1


def _used(files: int, workers: int | None) -> int:
    """The processes that have work, of those that there may be."""
    return min(workers or available_cores(), max(1, files))


def _answer(outcome: Outcome[str, Timeline]) -> Answer:
    error = outcome.error
    if error is None:
        return outcome.unwrap()
    if isinstance(error, _NOT_THE_FILES_FAULT):
        raise error
    message = str(error) or type(error).__name__
    named = message if message.startswith(outcome.item) else f"{outcome.item}: {message}"
    return Failure(outcome.item, named, int(isinstance(error, _ENDED)))


@lru_cache(maxsize=1)
def _analyzer(analysis: FileAnalysis) -> Analyzer:
    from moodprint.recognition.analyzer import Analyzer  # not loaded where processes only wait

    return Analyzer(
        analysis.bundle, analysis.settings, threads=analysis.threads, explain=analysis.explain
    )


def _tracks_in(path: str, analysis: FileAnalysis) -> list[Match]:
    from moodprint.fingerprint import tracks_in  # not loaded where no index is asked

    with unheard():
        return tracks_in(path, _index(str(analysis.index)), analysis.decoding)


@lru_cache(maxsize=1)
def _index(path: str) -> MatchIndex:
    from moodprint.fingerprint import MatchIndex

    return MatchIndex.open(path)
