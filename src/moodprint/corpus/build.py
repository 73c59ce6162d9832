"""From folders of recordings to a corpus: find songs, describe, compare, segment, write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from moodprint.audio.silence import TOP_DB
from moodprint.corpus import manifest
from moodprint.corpus.compare import by_chroma, by_landmarks, by_names, by_network
from moodprint.corpus.describe import Description
from moodprint.corpus.duplicate_groups import Evidence, Method, agreement, conflicts, groups
from moodprint.corpus.find_songs import SplitRule
from moodprint.corpus.lookup import Service
from moodprint.corpus.recording import Recording, find_recordings
from moodprint.corpus.rows import Judged, rows_of
from moodprint.corpus.segment import SegmentRule, segments
from moodprint.corpus.steps import DescribeSong, FindSongs, FoundSong, WriteClips
from moodprint.engine import Progress, no_progress, run
from moodprint.files import write_atomically

CACHE = ".cache"
AUDIO = "audio"
REPORT = "report.json"


@dataclass(frozen=True)
class BuildRule:
    """All that a build can be told.

    ``keep_best``: of each group of duplicates only the best copy is kept (in the manifest's
    column ``keep``; no row and no file goes). ``write_as``: a suffix of encode.FORMATS; None
    references segments by their times in the sources. ``services`` are asked over the network
    what each song is; none by default.
    """

    split: SplitRule = field(default_factory=SplitRule)
    segment: SegmentRule = field(default_factory=SegmentRule)
    trim_db: float = TOP_DB
    methods: frozenset[Method] = frozenset((Method.LANDMARKS, Method.CHROMA, Method.NAMES))
    keep_best: bool = False
    write_as: str | None = None
    services: tuple[Service, ...] = ()
    workers: int | None = None


@dataclass(frozen=True)
class BuildReport:
    """What a build made: the corpus, and the files that could not be used, with the reasons."""

    corpus: Path
    recordings: int
    songs: int
    segments: int
    failures: tuple[tuple[str, str], ...]


DEFAULT_RULE = BuildRule()


def build(
    folder: str | Path,
    corpus: str | Path,
    rule: BuildRule = DEFAULT_RULE,
    progress: Progress = no_progress,
) -> BuildReport:
    """Make the corpus ``corpus`` from the recordings under ``folder``.

    Each finished step is kept in ``corpus``/.cache by the content that it was made from: after
    a kill at any moment the same call goes on, and ends with the same manifest to the byte.

    Raises:
        MissingFileError, NoMediaFoundError: nothing to build from. OptionError: a setting.
    """
    out = Path(corpus)
    out.mkdir(parents=True, exist_ok=True)
    recordings = find_recordings(folder, leave_out=out / AUDIO)
    songs, failures = _find_songs(recordings, out / CACHE, rule, progress)
    descriptions, unheard = _describe(songs, out / CACHE, rule, progress)
    songs = [song for song in songs if song.id in descriptions]
    evidence = sorted(
        _evidence(songs, descriptions, out / CACHE, rule, progress),
        key=lambda found: (found.pair, found.method),
    )
    judged = _judged(songs, descriptions, evidence)
    cut = {song.id: segments(song.span, rule.segment) for song in songs}
    rows = rows_of(songs, cut, judged, rule.segment.length_s, out, rule.keep_best)
    if rule.write_as:
        rows = _written(songs, rows, out, rule, progress)
    manifest.write(out, rows)
    report = BuildReport(out, len(recordings), len(songs), len(rows), (*failures, *unheard))
    _write_report(report, songs, judged, evidence)
    return report


def _find_songs(
    recordings: Sequence[Recording], cache: Path, rule: BuildRule, progress: Progress
) -> tuple[list[FoundSong], list[tuple[str, str]]]:
    songs: list[FoundSong] = []
    failures = []
    function = FindSongs(cache, rule.split, rule.trim_db)
    for done, outcome in enumerate(run(function, recordings, workers=rule.workers), 1):
        progress("find songs", done, len(recordings))
        if outcome.error is not None:
            failures.append((outcome.item.name, str(outcome.error)))
        else:
            songs += outcome.unwrap()
    return songs, failures


def _describe(
    songs: Sequence[FoundSong], cache: Path, rule: BuildRule, progress: Progress
) -> tuple[dict[str, Description], list[tuple[str, str]]]:
    descriptions = {}
    failures = []
    for done, outcome in enumerate(run(DescribeSong(cache), songs, workers=rule.workers), 1):
        progress("listen to songs", done, len(songs))
        if outcome.error is not None:
            failures.append((outcome.item.recording.name, str(outcome.error)))
        else:
            descriptions[outcome.item.id] = outcome.unwrap()
    return descriptions, failures


def _evidence(
    songs: Sequence[FoundSong],
    descriptions: dict[str, Description],
    cache: Path,
    rule: BuildRule,
    progress: Progress,
) -> Iterable[Evidence]:
    if Method.LANDMARKS in rule.methods:
        yield from by_landmarks(descriptions, cache, rule.workers, progress)
    if Method.CHROMA in rule.methods:
        yield from by_chroma(descriptions, cache, rule.workers, progress)
    if Method.NAMES in rule.methods:
        yield from by_names(songs)
    if rule.services:
        yield from by_network(songs, rule.services, cache, progress)


def _judged(
    songs: Sequence[FoundSong],
    descriptions: dict[str, Description],
    evidence: Sequence[Evidence],
) -> Judged:
    group_of = groups((song.id for song in songs), evidence)
    ranked = sorted(
        group_of, key=lambda song: (descriptions[song].quality.rank, song), reverse=True
    )
    best = {group_of[song]: song for song in reversed(ranked)}
    emotion_of = {song.id: song.recording.emotion for song in songs}
    return Judged(
        group_of=group_of,
        best=frozenset(best.values()),
        conflicting=frozenset(conflicts(group_of, emotion_of)),
        quality_of={song: description.quality for song, description in descriptions.items()},
    )


def _written(
    songs: Sequence[FoundSong],
    rows: Sequence[manifest.Row],
    out: Path,
    rule: BuildRule,
    progress: Progress,
) -> list[manifest.Row]:
    from dataclasses import replace

    from moodprint.audio.silence import Span

    by_song: dict[str, list[manifest.Row]] = {song.id: [] for song in songs}
    for row in rows:
        by_song[row.song_id].append(row)
    work = [
        (
            song,
            tuple(
                (Span(row.start_s, row.end_s), f"{AUDIO}/{row.id}.{rule.write_as}")
                for row in by_song[song.id]
            ),
        )
        for song in songs
    ]
    written = []
    for done, outcome in enumerate(
        run(WriteClips(out / CACHE, out), work, workers=rule.workers), 1
    ):
        progress("write clips", done, len(work))
        song, parts = outcome.item
        for row, (_, file), digest in zip(by_song[song.id], parts, outcome.unwrap(), strict=True):
            written.append(replace(row, file=file, hash=digest))
    return written


def _write_report(
    report: BuildReport,
    songs: Sequence[FoundSong],
    judged: Judged,
    evidence: Sequence[Evidence],
) -> None:
    members: dict[str, list[str]] = {}
    for song, group in judged.group_of.items():
        members.setdefault(group, []).append(song)
    content = {
        "recordings": report.recordings,
        "songs": [
            {
                "song_id": song.id,
                "source": song.recording.name,
                "emotion": song.recording.emotion,
                "start_s": song.span.start_s,
                "end_s": song.span.end_s,
                "group": judged.group_of[song.id],
            }
            for song in songs
        ],
        "segments": report.segments,
        "failures": [{"source": name, "error": error} for name, error in report.failures],
        "groups": {group: songs for group, songs in members.items() if len(songs) > 1},
        "conflicts": sorted(judged.conflicting),
        "agreement": agreement(evidence),
        "evidence": [asdict(found) for found in evidence],
    }
    write_atomically(report.corpus / REPORT, json.dumps(content, indent=1).encode())
