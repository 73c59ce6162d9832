"""Silence off the edges of a song."""

from __future__ import annotations

from moodprint.audio.loudness import LevelCurve
from moodprint.audio.silence import TOP_DB, QuietRule, Span, without_silent_edges


def trim(curve: LevelCurve, song: Span, top_db: float = TOP_DB) -> Span:
    """The song from its first frame less than ``top_db`` below its loudest one to its last.

    ``curve`` is that of the whole file.
    """
    first = round(song.start_s / curve.hop_s)
    last = max(first + 1, round(song.end_s / curve.hop_s))
    levels, edges = curve.levels_db[first:last], curve.edge_db[first:last]
    part = LevelCurve(levels, edges, curve.hop_s, song.duration_s)
    inner = without_silent_edges(part, QuietRule(top_db=top_db))
    if inner is None:
        return song
    return Span(song.start_s + inner.start_s, min(song.start_s + inner.end_s, song.end_s))
