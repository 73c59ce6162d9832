"""Answers as flat rows, for csv and parquet: one for each file, then one for each segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from moodprint.emotion import EMOTIONS
from moodprint.prediction import UNSURE, Answer, Failure, Timeline
from moodprint.tags import TAG_COLUMNS, TEXT_TAGS

TEXT, NUMBER, FLAG = "text", "number", "flag"

COLUMNS: dict[str, str] = {
    "source": TEXT,
    "level": TEXT,
    "start_s": NUMBER,
    "end_s": NUMBER,
    "presence": TEXT,
    "presence_confidence": NUMBER,
    "emotion": TEXT,
    "confidence": NUMBER,
    "abstained": FLAG,
    "reliability": NUMBER,
    "valence": NUMBER,
    "arousal": NUMBER,
    **{f"p_{emotion}": NUMBER for emotion in EMOTIONS},
    "music_below_voice_db": NUMBER,
    **{f"share_{name}": NUMBER for name in (*EMOTIONS, UNSURE)},
    **{name: TEXT if name in TEXT_TAGS else NUMBER for name in TAG_COLUMNS},
    "track": TEXT,
    "reason": TEXT,
    "warnings": TEXT,
    "model": TEXT,
    "error": TEXT,
}
"""The columns and their kinds, in order. ``level`` is ``file``, ``segment`` or ``error``."""

Row = dict[str, Any]


def rows(answers: Sequence[Answer]) -> Iterator[Row]:
    """Each row has all the columns; what it has no value for is None."""
    for answer in answers:
        if isinstance(answer, Failure):
            yield _row(level="error", **answer.to_dict())
        else:
            yield from _timeline_rows(answer)


def _timeline_rows(timeline: Timeline) -> Iterator[Row]:
    fields = timeline.to_dict()
    segments = fields.pop("segments")
    fields["warnings"] = "; ".join(fields["warnings"]) or None
    yield _row(level="file", start_s=0.0, end_s=fields.pop("duration_s"), **fields)
    for segment in segments:
        yield _row(level="segment", source=timeline.source, model=timeline.model, **segment)


def _row(**fields: Any) -> Row:
    probabilities = fields.pop("probabilities", {})
    fields.update({f"p_{name}": value for name, value in probabilities.items()})
    fields.update({f"share_{name}": value for name, value in fields.pop("shares", {}).items()})
    fields.update(fields.pop("tags", {}))
    return {name: fields.get(name) for name in COLUMNS}
