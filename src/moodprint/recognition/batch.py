"""Many files: one answer each, in order, and a bad file fails alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from moodprint.engine import Outcome, available_cores, file_limits, run
from moodprint.errors import (
    BundleError,
    IndexFileError,
    MissingExtraError,
    MissingWeightsError,
    OptionError,
)
from moodprint.prediction import Failure, Timeline
from moodprint.recognition.analyzer import Analyzer
from moodprint.recognition.known_tracks import with_tracks
from moodprint.recognition.settings import AnalysisSettings

if TYPE_CHECKING:
    from moodprint.fingerprint import Match, MatchIndex

_NOT_THE_FILES_FAULT = (
    *(BundleError, IndexFileError, MissingExtraError, MissingWeightsError, OptionError),
)


@dataclass(frozen=True)
class FileAnalysis:
    """The analysis of a file as a function that can be sent to other processes.

    Each process loads the model once, at its first file. With the folder of a match index,
    the known tracks in the file are named; with ``explain`` answers say why.
    """

    bundle: str | None = None
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    threads: int = 1
    index: str | None = None
    explain: bool = False

    def __call__(self, path: str) -> Timeline:
        timeline = _analyzer(self).file(path)
        if self.index is None:
            return timeline
        return with_tracks(timeline, _tracks_in(path, self.index))


def analyze_many(
    paths: Sequence[str | Path],
    *,
    bundle: str | Path | None = None,
    settings: AnalysisSettings | None = None,
    workers: int | None = None,
    index: str | Path | None = None,
    explain: bool = False,
    analysis: Callable[[str], Timeline] | None = None,
) -> Iterator[Timeline | Failure]:
    """The answer for each file, in order, as they come.

    ``workers`` processes, by default one a core, work on a file each, within limits of time and
    memory (see ``engine.file_limits``): no file is opened in this process. With an ``index`` (see
    ``moodprint match``) segments name the known tracks heard in them; with ``explain`` answers say
    why. ``analysis`` takes the place of the FileAnalysis that the other options describe.

    Raises:
        OptionError, BundleError, IndexFileError, MissingExtraError: what no file could be
            analysed with.
    """
    workers = min(workers or available_cores(), max(1, len(paths)))
    if analysis is None:
        threads = available_cores() if workers == 1 else 1
        analysis = FileAnalysis(
            None if bundle is None else str(bundle),
            settings or AnalysisSettings(),
            threads,
            None if index is None else str(index),
            explain,
        )
    items = [str(path) for path in paths]
    for outcome in run(analysis, items, workers=workers, limits=file_limits()):
        yield _answer(outcome)


def _answer(outcome: Outcome[str, Timeline]) -> Timeline | Failure:
    error = outcome.error
    if error is None:
        return outcome.unwrap()
    if isinstance(error, _NOT_THE_FILES_FAULT):
        raise error
    told = str(error) or type(error).__name__
    named = told if told.startswith(outcome.item) else f"{outcome.item}: {told}"
    return Failure(outcome.item, named)


@lru_cache(maxsize=1)
def _analyzer(analysis: FileAnalysis) -> Analyzer:
    return Analyzer(
        analysis.bundle, analysis.settings, threads=analysis.threads, explain=analysis.explain
    )


def _tracks_in(path: str, index: str) -> list[Match]:
    from moodprint.fingerprint import tracks_in  # not loaded where no index is asked

    return tracks_in(path, _index(index))


@lru_cache(maxsize=1)
def _index(path: str) -> MatchIndex:
    from moodprint.fingerprint import MatchIndex

    return MatchIndex.open(path)
