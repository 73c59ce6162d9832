"""Of an answer what lists are filtered and sorted by."""

from __future__ import annotations

from typing import Any

from moodprint.prediction import Timeline
from moodprint.reports.timeline_text import presence_shares
from moodprint.service.outline import outline_of


def summary_of(timeline: Timeline) -> dict[str, Any]:
    """The columns of ``tables.Analysis`` that an answer fills."""
    return {
        "duration_s": timeline.duration_s,
        "emotion": str(timeline.overall.emotion) if timeline.overall.emotion else None,
        "confidence": timeline.overall.confidence,
        "abstained": timeline.overall.abstained,
        "shares": timeline.to_dict()["shares"],
        "presence": {
            str(kind): round(share, 6) for kind, share in presence_shares(timeline).items()
        },
        "outline": outline_of(timeline),
    }
