"""What a corpus holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from moodprint.corpus.manifest import read


@dataclass(frozen=True)
class EmotionShare:
    """What one emotion has; '' for what has none. ``hours`` is the sum of the clips."""

    emotion: str
    hours: float
    songs: int
    clips: int


@dataclass(frozen=True)
class Conflict:
    """One group of the same song under several emotions: which sources, at what times."""

    group: str
    emotions: tuple[str, ...]
    songs: tuple[str, ...]


@dataclass(frozen=True)
class CorpusInfo:
    """``duplicates``: songs for which the corpus holds a better copy."""

    emotions: tuple[EmotionShare, ...]
    hours: float
    sources: int
    songs: int
    clips: int
    kept_clips: int
    duplicate_groups: int
    duplicates: int
    synthetic_clips: int
    checks: dict[str, int]
    conflicts: tuple[Conflict, ...]


def info(corpus: str | Path) -> CorpusInfo:
    """Count what a corpus holds.

    Raises:
        CorpusError: it is no corpus.
    """
    rows = read(corpus)
    songs = rows.group_by("song_id").agg(
        pl.col("group").first(),
        pl.col("emotion").first(),
        pl.col("source").first(),
        pl.col("start_s").min(),
    )
    sizes = songs.group_by("group").len().filter(pl.col("len") > 1)
    checks = rows.explode("checks").drop_nulls("checks").group_by("checks").len().sort("checks")
    return CorpusInfo(
        emotions=_shares(rows),
        hours=_hours(rows),
        sources=rows["source"].n_unique(),
        songs=songs.height,
        clips=rows.height,
        kept_clips=int(rows["keep"].sum()),
        duplicate_groups=sizes.height,
        duplicates=int(sizes["len"].sum()) - sizes.height,
        synthetic_clips=int(rows["synthetic"].sum()),
        checks=dict(checks.iter_rows()),
        conflicts=_conflicts(songs),
    )


def _shares(rows: pl.DataFrame) -> tuple[EmotionShare, ...]:
    named = rows.with_columns(pl.col("emotion").fill_null(""))
    return tuple(
        EmotionShare(str(name), _hours(part), part["song_id"].n_unique(), part.height)
        for (name,), part in sorted(named.partition_by("emotion", as_dict=True).items())
    )


def _hours(rows: pl.DataFrame) -> float:
    return round(float((rows["end_s"] - rows["start_s"]).sum()) / 3600, 4)


def _conflicts(songs: pl.DataFrame) -> tuple[Conflict, ...]:
    labelled = songs.drop_nulls("emotion").sort("group", "emotion", "source", "start_s")
    found = []
    for (group,), part in labelled.partition_by("group", as_dict=True, maintain_order=True).items():
        emotions = tuple(part["emotion"].unique().sort())
        if len(emotions) > 1:
            places = zip(part["emotion"], part["source"], part["start_s"], strict=True)
            lines = tuple(f"{emotion}: {name} at {at:.1f} s" for emotion, name, at in places)
            found.append(Conflict(str(group), emotions, lines))
    return tuple(found)
