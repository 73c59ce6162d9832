"""From songs and what was judged of them to the rows of the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from moodprint.audio.silence import Span
from moodprint.corpus.describe import Quality
from moodprint.corpus.manifest import Row
from moodprint.corpus.recording import DETAILS
from moodprint.corpus.steps import FoundSong

CLIPPED_SHARE = 0.001
NARROW_HZ = 5000.0
_SLACK_S = 0.002


@dataclass(frozen=True)
class Judged:
    """What the comparison of all songs says of each: its group, the best of each group, the
    groups that stand under two emotions, and the quality of the copies."""

    group_of: Mapping[str, str]
    best: frozenset[str]
    conflicting: frozenset[str]
    quality_of: Mapping[str, Quality]


def rows_of(
    songs: Sequence[FoundSong],
    segments_of: Mapping[str, Sequence[Span]],
    judged: Judged,
    length_s: float,
    corpus: Path,
    keep_best: bool,
) -> list[Row]:
    """One row a segment, in the order of recordings, songs and times."""
    rows = []
    for song in songs:
        checks = _checks(song, judged)
        for span in segments_of[song.id]:
            short = ["short"] if span.duration_s < length_s - _SLACK_S else []
            rows.append(
                Row(
                    id=f"{song.id}-{round(span.start_s * 1000):08d}",
                    song_id=song.id,
                    source=_source(song, corpus),
                    emotion=song.recording.emotion,
                    start_s=round(span.start_s, 3),
                    end_s=round(span.end_s, 3),
                    group=judged.group_of[song.id],
                    hash=song.source_hash,
                    source_hash=song.source_hash,
                    synthetic=song.recording.synthetic,
                    checks=tuple(sorted(checks + short)),
                    keep=not keep_best or song.id in judged.best,
                    **{name: song.details.get(name) or None for name in DETAILS},
                )
            )
    return rows


def _checks(song: FoundSong, judged: Judged) -> list[str]:
    quality = judged.quality_of[song.id]
    noticed = {
        "clipped": quality.clipped > CLIPPED_SHARE,
        "conflict": judged.group_of[song.id] in judged.conflicting,
        "duplicate": song.id not in judged.best,
        "narrow": quality.bandwidth_hz < NARROW_HZ,
    }
    return [name for name, is_so in noticed.items() if is_so]


def _source(song: FoundSong, corpus: Path) -> str:
    path = song.recording.path.resolve()
    root = corpus.resolve()
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
