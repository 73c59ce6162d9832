"""Of an answer what lists are filtered and sorted by."""

from __future__ import annotations

from typing import Any

from moodprint.cells import cells
from moodprint.prediction import Presence, Timeline
from moodprint.service.outline import outline_of


def summary_of(timeline: Timeline) -> dict[str, Any]:
    """The columns of ``tables.Analysis`` that an answer fills."""
    return {
        "duration_s": timeline.duration_s,
        "emotion": str(timeline.overall.emotion) if timeline.overall.emotion else None,
        "confidence": timeline.overall.confidence,
        "abstained": timeline.overall.abstained,
        "shares": timeline.to_dict()["shares"],
        "presence": presence_shares(timeline),
        "outline": outline_of(timeline),
    }


def presence_shares(timeline: Timeline) -> dict[str, float]:
    """The share of the file's time that is music, speech, silence and other sound; each moment
    counts once, for the segment nearest to it. They sum to 1; all are 0 where nothing was heard.
    """
    held_s = dict.fromkeys(map(str, Presence), 0.0)
    for cell in cells(timeline.segments):
        held_s[str(cell.presence)] += cell.end_s - cell.start_s
    total_s = sum(held_s.values())
    return {kind: round(each / total_s, 6) if total_s else 0.0 for kind, each in held_s.items()}
