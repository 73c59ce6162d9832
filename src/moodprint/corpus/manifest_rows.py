"""From songs, their clips and what was found out about them to the rows of the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from moodprint.audio.silence import Span
from moodprint.corpus.collected import DETAILS
from moodprint.corpus.comparison import SongComparison
from moodprint.corpus.manifest import Row
from moodprint.corpus.steps import FoundSong

CLIPPED_SHARE = 0.001
"""More samples at full scale than this are no chance peaks: the copy was driven into clipping."""
NARROW_HZ = 5000.0
"""Telephones and the leanest codecs end below; music on any record or stream goes beyond."""
_SLACK_S = 0.002
"""Two edges, each rounded to the millisecond: such a clip is not short."""


def rows_of(
    songs: Sequence[FoundSong],
    clips_of: Mapping[str, Sequence[Span]],
    comparison: SongComparison,
    length_s: float,
    corpus: Path,
    keep_best: bool,
) -> list[Row]:
    """One row a clip, in the order of recordings, songs and times.

    ``length_s`` is that of a whole clip; what is shorter is marked so. With ``keep_best`` only
    the best copy of each group has ``keep``.
    """
    rows = []
    for song in songs:
        checks = _checks(song, comparison)
        for span in clips_of[song.id]:
            short = ["short"] if span.duration_s < length_s - _SLACK_S else []
            rows.append(
                Row(
                    id=f"{song.id}-{round(span.start_s * 1000):08d}",
                    song_id=song.id,
                    source=_source(song, corpus),
                    emotion=song.recording.emotion,
                    start_s=round(span.start_s, 3),
                    end_s=round(span.end_s, 3),
                    group=comparison.group_of[song.id],
                    hash=song.source_hash,
                    source_hash=song.source_hash,
                    synthetic=song.recording.synthetic,
                    checks=tuple(sorted(checks + short)),
                    keep=not keep_best or song.id in comparison.best,
                    **{name: song.details.get(name) or None for name in DETAILS},
                )
            )
    return rows


def _checks(song: FoundSong, comparison: SongComparison) -> list[str]:
    quality = comparison.quality_of[song.id]
    noticed = {
        "clipped": quality.clipped > CLIPPED_SHARE,
        "conflict": comparison.group_of[song.id] in comparison.conflicting,
        "duplicate": song.id not in comparison.best,
        "narrow": quality.bandwidth_hz < NARROW_HZ,
    }
    return [name for name, is_so in noticed.items() if is_so]


def _source(song: FoundSong, corpus: Path) -> str:
    path = song.recording.path.resolve()
    root = corpus.resolve()
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
