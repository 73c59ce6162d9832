"""SRT: plain subtitles that any video player shows."""

from __future__ import annotations

from moodprint.prediction import Segment, Timeline
from moodprint.reports.exports.formats import FileFormat
from moodprint.reports.spans import lasting_spans
from moodprint.reports.timeline_text import segment_words, stamp


def render(timeline: Timeline) -> bytes:
    """A subtitle a stretch, in UTF-8."""
    cues = [_cue(n, span) for n, span in enumerate(lasting_spans(timeline.segments), start=1)]
    return "\n".join(cues).encode("utf-8", "replace")


def _cue(number: int, span: Segment) -> str:
    text = segment_words(span).replace("-->", "->")
    return f"{number}\n{stamp(span.start_s, ',')} --> {stamp(span.end_s, ',')}\n{text}\n"


SRT = FileFormat("srt", ".srt", "application/x-subrip", render)
