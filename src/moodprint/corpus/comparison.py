"""What all the evidence says of each song: its group, the best copy, conflicts of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from moodprint.corpus.describe import Description
from moodprint.corpus.duplicate_groups import Evidence, conflicts, groups
from moodprint.corpus.quality import Quality
from moodprint.corpus.steps import FoundSong


@dataclass(frozen=True)
class SongComparison:
    """The outcome of comparing all songs, by song id.

    ``group_of`` names each song's group of duplicates. ``best`` holds the best copy of each group,
    ``conflicting`` the groups that stand under two emotions, ``quality_of`` how good each copy is.
    """

    group_of: Mapping[str, str]
    best: frozenset[str]
    conflicting: frozenset[str]
    quality_of: Mapping[str, Quality]


def compare(
    songs: Sequence[FoundSong],
    descriptions: Mapping[str, Description],
    evidence: Iterable[Evidence],
) -> SongComparison:
    """Join the songs that are the same, and choose the best copy of each group.

    Of copies that are equally good the one with the largest id is the best.
    """
    group_of = groups((song.id for song in songs), evidence)
    quality_of = {song.id: descriptions[song.id].quality for song in songs}
    best: dict[str, str] = {}
    for song in sorted(group_of, key=lambda song: (quality_of[song].rank, song)):
        best[group_of[song]] = song
    emotion_of = {song.id: song.recording.emotion for song in songs}
    return SongComparison(
        group_of=group_of,
        best=frozenset(best.values()),
        conflicting=frozenset(conflicts(group_of, emotion_of)),
        quality_of=quality_of,
    )
