"""From folders of recordings to a corpus: find songs, describe, compare, cut, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from moodprint.audio.encode import FORMATS
from moodprint.audio.silence import TOP_DB
from moodprint.corpus import manifest
from moodprint.corpus.clips import ClipRule, cut_clips
from moodprint.corpus.collect import collect_listed
from moodprint.corpus.comparison import compare
from moodprint.corpus.describe import Description
from moodprint.corpus.duplicate_groups import Method
from moodprint.corpus.ended_readers import EndedReaders
from moodprint.corpus.find_duplicates import find_duplicates
from moodprint.corpus.find_songs import SongRule
from moodprint.corpus.lookup import Service
from moodprint.corpus.manifest_rows import rows_of
from moodprint.corpus.recording import Recording, find_recordings
from moodprint.corpus.report import BuildReport, write_report
from moodprint.corpus.sources.web import RetryPolicy
from moodprint.corpus.step_runner import StepRunner
from moodprint.corpus.steps import DescribeSong, FindSongs, FoundSong
from moodprint.corpus.written_clips import AUDIO, write_clips
from moodprint.engine import Engine, Progress, file_limits, no_progress
from moodprint.errors import CorpusError, FetchError, unknown_name
from moodprint.files import locked, sweep_drafts
from moodprint.plain_text import named_reason

CACHE = ".cache"
SOURCES = "sources"
"""Where the recordings of a list of sources are collected, within the corpus."""

LIST_SUFFIXES = (".yaml", ".yml")

_DESCRIBING_EFFORT = 2
"""Describing a song takes up to twice as long as an analysis, for which limits are made."""


@dataclass(frozen=True)
class BuildSettings:
    """How a corpus is made.

    ``keep_best``: of each group of duplicates only the best copy is kept (in the manifest's
    column ``keep``; no row and no file goes). ``write_as``: a suffix of encode.FORMATS; None
    references clips by their times in the sources. ``services`` are asked over the network what
    each song is; none by default. ``retries``: how sources of a list are fetched.

    Raises:
        OptionError: an unknown format.
    """

    songs: SongRule = field(default_factory=SongRule)
    clips: ClipRule = field(default_factory=ClipRule)
    trim_db: float = TOP_DB
    methods: frozenset[Method] = frozenset((Method.LANDMARKS, Method.CHROMA, Method.NAMES))
    keep_best: bool = False
    write_as: str | None = None
    services: tuple[Service, ...] = ()
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.write_as is not None and self.write_as not in FORMATS:
            raise unknown_name("audio format", self.write_as, FORMATS)


DEFAULT_SETTINGS = BuildSettings()

_Failures = list[tuple[str, str]]


def build(
    source: str | Path,
    corpus: str | Path,
    settings: BuildSettings = DEFAULT_SETTINGS,
    *,
    engine: Engine | None = None,
    progress: Progress = no_progress,
) -> BuildReport:
    """Make the corpus ``corpus`` from the recordings under a folder, or of a list of sources.

    Each finished step is kept in ``corpus``/.cache by the content that it was made from: after
    a kill at any moment the same call goes on, and ends with the same manifest to the byte. A
    recording that cannot be used, or a source that cannot be fetched, is reported and the rest
    go on; one that ended the process which read it is tried twice at most.

    Raises:
        MissingFileError, NoMediaFoundError: nothing to build from. OptionError: a list of sources
        that is none. FetchError: a service cannot be reached. CorpusError: the corpus cannot be
        written, or another process is building it.
    """
    out = Path(corpus)
    busy = CorpusError(f"{out}: another process is building this corpus; try again later")
    with locked(out / CACHE / "lock", busy):
        sweep_drafts(out)
        runner = StepRunner(out / CACHE, settings.workers, engine, progress)
        return _built(Path(source), out, settings, runner)


def _built(source: Path, out: Path, settings: BuildSettings, runner: StepRunner) -> BuildReport:
    folder, failures = _folder_of(source, out, settings.retries, runner.progress)
    recordings = find_recordings(folder, leave_out=out / AUDIO)
    songs = _find_songs(recordings, settings, runner, failures)
    descriptions = _describe(songs, runner, failures)
    songs = [song for song in songs if song.id in descriptions]
    evidence = find_duplicates(songs, descriptions, settings.methods, settings.services, runner)
    comparison = compare(songs, descriptions, evidence)
    clips_of = {song.id: cut_clips(song.span, settings.clips) for song in songs}
    length_s = settings.clips.length_s
    rows = rows_of(songs, clips_of, comparison, length_s, out, settings.keep_best)
    if settings.write_as:
        rows, unwritten = write_clips(songs, rows, out, settings.write_as, runner)
        failures += [_failure(song.recording, error) for song, error in unwritten]
    manifest.write(out, rows)
    report = BuildReport(out, len(recordings), len(songs), len(rows), tuple(failures))
    write_report(report, songs, comparison, evidence)
    return report


def _folder_of(
    source: Path, out: Path, retries: RetryPolicy, progress: Progress
) -> tuple[Path, _Failures]:
    """The folder with the recordings: ``source``, or where those of the list were collected."""
    if source.suffix.lower() not in LIST_SUFFIXES or source.is_dir():
        return source, []
    report = collect_listed(source, out / SOURCES, retries, progress)
    if report.failures and not report.fetched and not report.known:
        (name, error), *others = report.failures
        more = f" (and {len(others)} more failed)" if others else ""
        raise FetchError(f"nothing could be fetched: {named_reason(name, error)}{more}")
    return out / SOURCES, list(report.failures)


def _find_songs(
    recordings: Sequence[Recording],
    settings: BuildSettings,
    runner: StepRunner,
    failures: _Failures,
) -> list[FoundSong]:
    songs: list[FoundSong] = []
    step = FindSongs(runner.cache, settings.songs, settings.trim_db)
    ended = EndedReaders(runner.cache)
    why_not = {each.name: ended.why_not(each.path) for each in recordings}
    failures += [(name, reason) for name, reason in why_not.items() if reason is not None]
    tried = [each for each in recordings if why_not[each.name] is None]
    for outcome in runner.each("find songs", step, tried, file_limits(_path)):
        if outcome.error is None:
            songs += outcome.unwrap()
        else:
            ended.note(outcome.item.path, outcome.error)
            failures.append(_failure(outcome.item, outcome.error))
    return songs


def _describe(
    songs: Sequence[FoundSong], runner: StepRunner, failures: _Failures
) -> dict[str, Description]:
    descriptions = {}
    ended: dict[Path, Exception] = {}
    limits = file_limits(_path_of_source, effort=_DESCRIBING_EFFORT)
    for outcome in runner.each("describe songs", DescribeSong(runner.cache), songs, limits):
        if outcome.error is None:
            descriptions[outcome.item.id] = outcome.unwrap()
        else:
            ended[outcome.item.recording.path] = outcome.error
            failures.append(_failure(outcome.item.recording, outcome.error))
    for path, error in ended.items():
        EndedReaders(runner.cache).note(path, error)
    return descriptions


def _path(recording: Recording) -> Path:
    return recording.path


def _path_of_source(song: FoundSong) -> Path:
    return song.recording.path


def _failure(recording: Recording, error: Exception) -> tuple[str, str]:
    """What is reported of a recording; raises the error where it is not the recording's fault."""
    if isinstance(error, CorpusError):
        raise error
    return recording.name, str(error) or type(error).__name__
