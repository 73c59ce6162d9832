"""report.json: what a build found, and what it joined on which evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from moodprint.corpus.comparison import SongComparison
from moodprint.corpus.duplicate_groups import Evidence, agreement
from moodprint.corpus.steps import FoundSong
from moodprint.files import write_atomically

NAME = "report.json"


@dataclass(frozen=True)
class BuildReport:
    """What a build made: the corpus, and what could not be used, with the reasons.

    ``failures`` has (source, reason): recordings by their path within the folder, and sources of
    a list that could not be fetched.
    """

    corpus: Path
    recordings: int
    songs: int
    segments: int
    failures: tuple[tuple[str, str], ...]


def write_report(
    report: BuildReport,
    songs: Sequence[FoundSong],
    comparison: SongComparison,
    evidence: Sequence[Evidence],
) -> None:
    """Write report.json into the corpus, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    members: dict[str, list[str]] = {}
    for song, group in comparison.group_of.items():
        members.setdefault(group, []).append(song)
    content = {
        "recordings": report.recordings,
        "songs": [_song(song, comparison) for song in songs],
        "segments": report.segments,
        "failures": [{"source": name, "error": error} for name, error in report.failures],
        "groups": {group: songs for group, songs in members.items() if len(songs) > 1},
        "conflicts": sorted(comparison.conflicting),
        "agreement": agreement(evidence),
        "evidence": [asdict(found) for found in evidence],
    }
    write_atomically(report.corpus / NAME, json.dumps(content, indent=1))


def _song(song: FoundSong, comparison: SongComparison) -> dict[str, object]:
    return {
        "song_id": song.id,
        "source": song.recording.name,
        "emotion": song.recording.emotion,
        "start_s": song.span.start_s,
        "end_s": song.span.end_s,
        "group": comparison.group_of[song.id],
    }
